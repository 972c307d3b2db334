import { Alert, type MantineColor } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** Something to know about what stands below; coloured at its edge only, so that it reads well. */
export function Note({
  color,
  icon: Shape,
  title,
  role = "note",
  children,
}: {
  color: MantineColor;
  icon: Icon;
  title?: string;
  role?: "note" | "status";
  children: ReactNode;
}) {
  const shade = `var(--mantine-color-${color}-filled)`;
  return (
    <Alert
      role={role}
      variant="default"
      title={title}
      icon={<Shape color={shade} aria-hidden />}
      p="sm"
      style={{ borderInlineStart: `4px solid ${shade}` }}
    >
      {children}
    </Alert>
  );
}
