import { Badge, type MantineColor } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";

/** What a state looks like: nobody has to tell red from green. */
export interface Look {
  color: MantineColor;
  icon: Icon;
}

/** A word with a colour and a shape of its own. */
export function ShapeBadge({
  look: { color, icon: Shape },
  size,
  children,
}: {
  look: Look;
  size?: "lg";
  children: string;
}) {
  return (
    <Badge
      size={size}
      color={color}
      variant="filled"
      autoContrast
      tt="none"
      leftSection={<Shape size={size === "lg" ? 14 : 12} aria-hidden />}
    >
      {children}
    </Badge>
  );
}
