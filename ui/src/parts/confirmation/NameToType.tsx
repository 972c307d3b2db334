import { ActionIcon, CopyButton, Group, Text, TextInput, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { text } from "~/text/en";

/** A name in single quotes, to copy, and the field to type it into (DD-06, DD-07). */
export function NameToType({
  name,
  typed,
  onType,
  label,
  ask,
  mismatch,
  copyLabel,
}: {
  name: string;
  typed: string;
  onType: (typed: string) => void;
  label: string;
  ask: string;
  /** Said as soon as what is typed cannot become the name any more. */
  mismatch?: string;
  copyLabel: string;
}) {
  const isOff = mismatch && !name.normalize("NFC").startsWith(typed.normalize("NFC"));
  return (
    <div>
      <Text size="sm">{ask}</Text>
      <Group gap="xs" wrap="nowrap" mt={4} mb="xs">
        <Text fw={600} className="as-typed name-to-type">
          {"'"}
          <bdi>{name}</bdi>
          {"'"}
        </Text>
        <CopyButton value={name}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? text.changes.copied : text.changes.copy} withArrow>
              <ActionIcon variant="default" aria-label={copyLabel} onClick={copy}>
                {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </Group>
      <TextInput
        label={label}
        value={typed}
        error={isOff ? mismatch : undefined}
        dir="auto"
        autoComplete="off"
        autoCorrect="off"
        autoCapitalize="none"
        spellCheck={false}
        data-1p-ignore
        onChange={(event) => onType(event.currentTarget.value)}
      />
    </div>
  );
}
