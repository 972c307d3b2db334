import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { text } from "~/text/en";
import { count } from "~/text/format";
import { spanText } from "./rowText";
import type { Group } from "./rows";
import { place } from "./scale";
import type { Drawn } from "./TimelineRows";

/** The head of a site: when it began and ended, and how many of its tasks are done. */
export function GroupRow({
  group: { id, site },
  isOpen,
  drawn,
}: {
  group: Group;
  isOpen: boolean;
  drawn: Drawn;
}) {
  const name = site?.site_name ?? text.timeline.wholeOccupier;
  const Shape = isOpen ? IconChevronDown : IconChevronRight;
  const ask = isOpen ? text.timeline.collapse : text.timeline.expand;
  return (
    <>
      <div role="rowheader" className="timeline-name timeline-group">
        <UnstyledButton
          aria-expanded={isOpen}
          aria-label={ask(name)}
          title={name}
          onClick={() => drawn.onToggle(id)}
        >
          <Shape size={14} aria-hidden />
          <bdi>{name}</bdi>
        </UnstyledButton>
      </div>
      <div role="cell" className="timeline-plot">
        {site && <SiteBar site={site} drawn={drawn} />}
      </div>
    </>
  );
}

function SiteBar({
  site,
  drawn: { extent, width, now },
}: Required<Pick<Group, "site">> & { drawn: Drawn }) {
  if (!site) return null;
  const { counts } = site;
  const troubled = counts.failed + counts.stuck;
  const told = [
    text.timeline.doneOf(count(counts.completed + counts.cancelled), count(counts.total)),
    ...(troubled > 0 ? [text.timeline.needsPeople(count(troubled))] : []),
  ].join(", ");
  const from = site.started_at ? place(Date.parse(site.started_at), extent, width) : 0;
  const end = site.finished_at ? Date.parse(site.finished_at) : now;
  return (
    <>
      {site.started_at && (
        <span
          className="timeline-site"
          style={{ left: from, width: Math.max(place(end, extent, width) - from, 2) }}
        />
      )}
      <span className="timeline-told" style={{ left: from }}>
        <VisuallyHidden component="span">
          {spanText(site.started_at, site.finished_at)},{" "}
        </VisuallyHidden>
        {told}
      </span>
    </>
  );
}
