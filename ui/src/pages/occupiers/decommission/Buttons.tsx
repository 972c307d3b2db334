import { Button, Group, Text } from "@mantine/core";
import { useId } from "react";
import type { Schemas } from "~/api/client";
import { text } from "~/text/en";
import { hindrance, type Deed, type Entered } from "./hindrance";

const { confirm: said, second } = text.decommission;

interface Of {
  preview: Schemas["PreviewOut"];
  entered: Entered;
  isBusy: boolean;
  pressed?: Deed;
  onPress: (deed: Deed) => void;
  onCancel: () => void;
}

/** The only way to act: enabled when everything holds, with the reason beside it when not. */
export function Buttons({ preview, entered, isBusy, pressed, onPress, onCancel }: Of) {
  const hint = useId();
  const now = new Date();
  const deed = entered.when === "later" ? "schedule" : "decommission";
  const hinders = hindrance(deed, entered, preview, now);
  const mayApprove = preview.allowed_actions.includes("approve");
  return (
    <Group justify="space-between" gap="sm" className="decommission-buttons">
      <Text size="sm" id={hint} aria-live="polite" flex="1 1 14rem">
        {hinders && said.hindrances[hinders]}
      </Text>
      <Group gap="sm">
        <Button variant="default" disabled={isBusy} onClick={onCancel}>
          {text.changes.cancel}
        </Button>
        {mayApprove && (
          <Button
            variant="default"
            disabled={isBusy || hindrance("approve", entered, preview, now) !== undefined}
            loading={pressed === "approve"}
            onClick={() => onPress("approve")}
          >
            {second.approve}
          </Button>
        )}
        <Button
          color="red"
          aria-describedby={hint}
          disabled={hinders !== undefined || (isBusy && pressed !== deed)}
          loading={pressed === deed}
          onClick={() => onPress(deed)}
        >
          {deed === "schedule" ? said.schedule : said.decommission}
        </Button>
      </Group>
    </Group>
  );
}
