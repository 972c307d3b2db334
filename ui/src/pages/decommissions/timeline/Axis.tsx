import { VisuallyHidden } from "@mantine/core";
import { text } from "~/text/en";
import { axisTime, zoneName } from "./axisText";
import { place, stepOf, ticksOf, type Extent } from "./scale";

const TICK_PX = 88; // room for a label

/** The times above the bars, with a line down from each, and one for now. */
export function Axis({ extent, width, now }: { extent: Extent; width: number; now?: number }) {
  const most = Math.floor(width / TICK_PX);
  const step = stepOf(extent, most);
  return (
    <>
      <div role="row" className="timeline-head" aria-rowindex={1}>
        <div role="columnheader" className="timeline-corner">
          {text.timeline.times(zoneName(extent.from))}
        </div>
        <div role="columnheader" className="timeline-axis">
          <VisuallyHidden>{text.timeline.title}</VisuallyHidden>
          {ticksOf(extent, most).map(({ at, isDay }) => (
            <span
              key={at}
              className="timeline-tick"
              aria-hidden
              style={{ left: place(at, extent, width) }}
            >
              {axisTime(at, step, isDay)}
            </span>
          ))}
        </div>
      </div>
      <div className="timeline-lines" aria-hidden>
        {ticksOf(extent, most).map(({ at }) => (
          <span key={at} style={{ left: place(at, extent, width) }} />
        ))}
        {now !== undefined && (
          <span className="timeline-now" style={{ left: place(now, extent, width) }}>
            <b>{text.timeline.now}</b>
          </span>
        )}
      </div>
    </>
  );
}
