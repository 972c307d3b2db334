import { Checkbox, Stack, Text, Title } from "@mantine/core";
import type { Schemas } from "~/api/client";
import { NameToType } from "~/parts/confirmation/NameToType";
import { text } from "~/text/en";
import { standing, type Entered } from "./hindrance";

const { confirm: said } = text.decommission;

/** The name and the tick; a tick counts for the plan that was shown when it was set (DD-08). */
export function Confirm({
  preview,
  entered,
  onEnter,
}: {
  preview: Schemas["PreviewOut"];
  entered: Entered;
  onEnter: (part: Partial<Entered>) => void;
}) {
  const shown = standing(preview);
  const isChanged = entered.understood !== undefined && entered.understood !== shown;
  return (
    <section>
      <Title order={3} size="h5" mb={4}>
        {said.title}
      </Title>
      <Stack gap="sm">
        <NameToType
          name={preview.name}
          typed={entered.name}
          onType={(name) => onEnter({ name })}
          label={said.field}
          ask={said.typeName}
          copyLabel={said.copyName}
        />
        <Checkbox
          label={said.box}
          checked={entered.understood === shown}
          onChange={(event) =>
            onEnter({ understood: event.currentTarget.checked ? shown : undefined })
          }
        />
        {isChanged && (
          <Text size="sm" fw={500} role="alert">
            {said.changed}
          </Text>
        )}
      </Stack>
    </section>
  );
}
