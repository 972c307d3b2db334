import { Anchor, ThemeIcon, VisuallyHidden } from "@mantine/core";
import { Link } from "react-router-dom";
import { STANDINGS } from "~/parts/TaskBadge";
import { taskStanding, type Standing } from "~/parts/taskStanding";
import { text } from "~/text/en";
import { partsOf, type BarTask } from "./bars";
import { taskText } from "./rowText";
import { place } from "./scale";
import type { Drawn } from "./TimelineRows";

const MARKED: ReadonlySet<Standing> = new Set(["failed", "stuck", "retrying"]);

/** One task: its name, and when it was tried and when it waited. */
export function TaskRow({ task, drawn }: { task: BarTask; drawn: Drawn }) {
  const standing = taskStanding(task);
  const { icon: Shape } = STANDINGS[standing];
  const told = taskText(task, standing);
  return (
    <>
      <div role="rowheader" className="timeline-name">
        <Shape size={14} aria-hidden />
        <Name task={task} onTask={drawn.onTask} />
      </div>
      <div role="cell" className="timeline-plot" title={told}>
        <VisuallyHidden>{told}</VisuallyHidden>
        <Bar task={task} standing={standing} drawn={drawn} />
      </div>
    </>
  );
}

function Name({ task, onTask }: { task: BarTask; onTask: Drawn["onTask"] }) {
  const name = text.words.kinds[task.kind];
  if (onTask) {
    return (
      <Anchor
        component="button"
        type="button"
        size="sm"
        title={name}
        onClick={() => onTask(task.id)}
      >
        {name}
      </Anchor>
    );
  }
  return (
    <Anchor component={Link} to={`/tasks/${task.id}`} size="sm" title={name}>
      {name}
    </Anchor>
  );
}

function Bar({
  task,
  standing,
  drawn: { extent, width, now },
}: {
  task: BarTask;
  standing: Standing;
  drawn: Drawn;
}) {
  const { color, icon: Shape } = STANDINGS[standing];
  const parts = partsOf(task, extent.from, now);
  const tried = parts.filter((part) => part.kind !== "outside");
  const end = Math.max(...tried.map((part) => place(part.to, extent, width)), 0);
  return (
    <>
      {parts.map((part) => {
        const left = place(part.from, extent, width);
        return (
          <span
            key={`${part.kind} ${part.from}`}
            className="timeline-part"
            data-kind={part.kind}
            style={{
              left,
              width: Math.max(place(part.to, extent, width) - left, LEAST_PX[part.kind]),
              color: `var(--mantine-color-${color}-filled)`,
            }}
          />
        );
      })}
      {MARKED.has(standing) && (
        <ThemeIcon
          size={18}
          radius="xl"
          color={color}
          autoContrast
          className="timeline-mark"
          style={{ left: end }}
          aria-hidden
        >
          <Shape size={12} />
        </ThemeIcon>
      )}
    </>
  );
}

const LEAST_PX = { active: 3, waiting: 0, outside: 0 } as const;
