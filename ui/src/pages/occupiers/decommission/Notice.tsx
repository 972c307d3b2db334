import { Group, Paper, type MantineColor, type PaperProps } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ComponentPropsWithRef } from "react";

/** Something to notice: a coloured edge and a sign, with plain text that is easy to read. */
export function Notice({
  color,
  icon: Sign,
  children,
  ...others
}: PaperProps & ComponentPropsWithRef<"div"> & { color: MantineColor; icon: Icon }) {
  const edge = `var(--mantine-color-${color}-filled)`;
  return (
    <Paper
      withBorder
      p="md"
      className="decommission-notice"
      style={{ borderInlineStartColor: edge }}
      {...others}
    >
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Sign size={22} color={edge} style={{ flexShrink: 0 }} aria-hidden />
        <div style={{ flexGrow: 1, minWidth: 0 }}>{children}</div>
      </Group>
    </Paper>
  );
}
