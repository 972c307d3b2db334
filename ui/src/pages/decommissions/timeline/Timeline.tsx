import { Stack } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useRef, useState } from "react";
import { Empty } from "~/parts/Trouble";
import { useNow } from "~/parts/useNow";
import { text } from "~/text/en";
import { Axis } from "./Axis";
import { horizon } from "./bars";
import { Legend } from "./Legend";
import { rowsOf } from "./rows";
import { extentOf } from "./scale";
import { TimelineRows } from "./TimelineRows";
import { Toolbar } from "./Toolbar";
import { useGroups, type Decommission } from "./useGroups";

const NAME_PX = 256; // as `--timeline-name`
const LEAST_PX = 320;

/** When each task ran, by site: its active and its waiting time apart. */
export function Timeline({
  decommission,
  onTask,
}: {
  decommission: Decommission;
  /** Shows a task beside the timeline; without it a task's name leads to its page. */
  onTask?: (taskId: string) => void;
}) {
  const isMoving = isUnderWay(decommission);
  const now = useNow(isMoving && 1_000);
  const [zoom, setZoom] = useState(1);
  const { ref, width } = useElementSize();
  const scroller = useRef<HTMLDivElement>(null);
  const { groups, open, mayOpenAll, toggle, setAll } = useGroups(decommission);
  const { starts, ends } = boundsOf(decommission);
  const until = horizon(decommission, ends, isMoving, now);
  const extent = starts.length > 0 ? extentOf([...starts, until]) : undefined;
  if (!extent) return <Empty title={text.timeline.none} hint={text.timeline.noneHint} />;
  const plot = Math.max(width - NAME_PX, LEAST_PX) * zoom;

  /** The middle of what is seen stays in the middle. */
  function rescale(next: number) {
    const box = scroller.current;
    const half = box ? (box.clientWidth - NAME_PX) / 2 : 0;
    const middle = box ? (box.scrollLeft + half) / plot : 0;
    setZoom(next);
    requestAnimationFrame(() => box?.scrollTo({ left: middle * (plot / zoom) * next - half }));
  }

  return (
    <Stack gap="sm">
      <Toolbar
        zoom={zoom}
        onZoom={rescale}
        isAllOpen={open.size > 0}
        onAll={mayOpenAll || open.size > 0 ? setAll : undefined}
      />
      <div ref={ref}>
        <TimelineRows
          scroller={scroller}
          label={text.timeline.label(decommission.occupier_name)}
          rows={rowsOf(groups, open)}
          axis={<Axis extent={extent} width={plot} now={isMoving ? now : undefined} />}
          drawn={{ extent, width: plot, now: until, onTask, onToggle: toggle }}
        />
      </div>
      <Legend />
    </Stack>
  );
}

function isUnderWay({ state, sites, counts }: Decommission): boolean {
  if (state === "decommissioned" || sites.length === 0) return false;
  return state === "pending" || counts.queued + counts.running + counts.retrying > 0;
}

/** When anything started and ended, as far as the snapshot tells. */
function boundsOf({ sites, occupier_tasks }: Decommission) {
  const known = [...sites, ...(occupier_tasks ?? []), ...sites.flatMap((site) => site.tasks ?? [])];
  return {
    starts: known.flatMap(({ started_at }) => (started_at ? [Date.parse(started_at)] : [])),
    ends: known.map(({ finished_at }) => finished_at),
  };
}
