import { Text } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { text } from "~/text/en";
import { SITE_KINDS, type SiteStanding } from "./sites";
import { at, onPress } from "./SiteRow";

const words = text.progress.grid;

/** The head of a group of sites, which shuts and opens it. */
export function GroupRow({
  standing,
  sites,
  isOpen,
  index,
  isHeld,
  start,
  onToggle,
  onFocus,
}: {
  standing: SiteStanding;
  sites: number;
  isOpen: boolean;
  index: number;
  isHeld: boolean;
  start: number;
  onToggle: () => void;
  onFocus: (key: string, column: number) => void;
}) {
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div role="row" aria-rowindex={index + 2} className="grid-row grid-group" style={at(start)}>
      <div
        role="gridcell"
        className="grid-cell grid-head"
        data-place={`${standing}/0`}
        aria-colspan={SITE_KINDS.length + 1}
        aria-expanded={isOpen}
        tabIndex={isHeld ? 0 : -1}
        onFocus={() => onFocus(standing, 0)}
        onClick={onToggle}
        onKeyDown={onPress(onToggle)}
      >
        <Chevron size={16} aria-hidden />
        <Text size="sm" fw={600}>
          {words.group(words.standings[standing], sites)}
        </Text>
      </div>
    </div>
  );
}
