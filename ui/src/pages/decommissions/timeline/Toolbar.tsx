import { ActionIcon, Button, Group, Text } from "@mantine/core";
import { IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { text } from "~/text/en";

const CLOSEST = 32; // times the width that shows all of it

/** How much of the time is seen, and whether the tasks are. */
export function Toolbar({
  zoom,
  onZoom,
  isAllOpen,
  onAll,
}: {
  zoom: number;
  onZoom: (zoom: number) => void;
  isAllOpen: boolean;
  /** Without it each site is opened by itself. */
  onAll?: (isOpen: boolean) => void;
}) {
  return (
    <Group justify="space-between">
      {onAll ? (
        <Button size="xs" variant="default" onClick={() => onAll(!isAllOpen)}>
          {isAllOpen ? text.timeline.sitesOnly : text.timeline.everyTask}
        </Button>
      ) : (
        <Text size="sm">{text.timeline.openSites}</Text>
      )}
      <Group gap="xs" role="group" aria-label={text.timeline.zoom}>
        <ActionIcon
          variant="default"
          aria-label={text.timeline.farther}
          title={text.timeline.farther}
          disabled={zoom === 1}
          onClick={() => onZoom(zoom / 2)}
        >
          <IconZoomOut size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          aria-label={text.timeline.closer}
          title={text.timeline.closer}
          disabled={zoom === CLOSEST}
          onClick={() => onZoom(zoom * 2)}
        >
          <IconZoomIn size={16} aria-hidden />
        </ActionIcon>
        <Button size="xs" variant="default" disabled={zoom === 1} onClick={() => onZoom(1)}>
          {text.timeline.fit}
        </Button>
      </Group>
    </Group>
  );
}
