import { clock, count } from "~/text/format";
import { LEAST, scaleOf } from "./scale";
import type { Stretch } from "./series";
import { bucketTold } from "./told";

const HEIGHT = 88;

/** Completed stand above a line, failed hang below it: the two differ without their colours. */
export function ActivityChart({ all, label }: { all: readonly Stretch[]; label: string }) {
  const scale = scaleOf(all, HEIGHT);
  const [first, middle, last] = [all[0], all[Math.floor(all.length / 2)], all.at(-1)];
  return (
    <div className="activity">
      <div className="activity-scale" aria-hidden>
        <span>{count(scale.above)}</span>
        {scale.below > 0 && <span>{count(scale.below)}</span>}
      </div>
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${all.length} ${HEIGHT + LEAST}`}
        preserveAspectRatio="none"
      >
        {all.map((one, index) => (
          <Bar key={one.at} one={one} index={index} scale={scale} />
        ))}
        <line x1={0} x2={all.length} y1={scale.line} y2={scale.line} />
      </svg>
      <div className="activity-times" aria-hidden>
        {[first, middle, last].map((one) => one && <span key={one.at}>{clock(one.at)}</span>)}
      </div>
    </div>
  );
}

function Bar({
  one,
  index,
  scale,
}: {
  one: Stretch;
  index: number;
  scale: ReturnType<typeof scaleOf>;
}) {
  if (one.completed + one.failed === 0) return null;
  const [up, down] = [scale.length(one.completed), scale.length(one.failed)];
  const x = index + 0.1;
  return (
    <g>
      <title>{bucketTold(one.at, one.completed, one.failed)}</title>
      <rect className="activity-ground" x={index} y={0} width={1} height={HEIGHT + LEAST} />
      <rect className="activity-completed" x={x} y={scale.line - up} width={0.8} height={up} />
      <rect className="activity-failed" x={x} y={scale.line} width={0.8} height={down} />
    </g>
  );
}
