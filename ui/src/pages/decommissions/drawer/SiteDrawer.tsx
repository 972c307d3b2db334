import { Alert, Drawer, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import type { Snapshot } from "~/api/live";
import { Facts } from "~/parts/Facts";
import { taskStanding } from "~/parts/taskStanding";
import { useZoneOf } from "~/parts/sites/useSiteOf";
import { Empty, Loading } from "~/parts/Trouble";
import { text } from "~/text/en";
import { count, moment } from "~/text/format";
import { SITE_KINDS, type Site } from "../grid/sites";
import { TaskMark } from "../grid/TaskMark";
import { useSiteTasks } from "../grid/useSiteTasks";
import { Pause } from "../summary/Pause";
import { ProgressBar } from "../summary/ProgressBar";

const words = text.progress.drawer;

/** One site beside the grid: how far it is, its tasks, and its own pause. */
export function SiteDrawer({
  snapshot,
  siteId,
  onTask,
  onClose,
}: {
  snapshot: Snapshot;
  siteId: string | undefined;
  onTask: (taskId: string) => void;
  onClose: () => void;
}) {
  const site = snapshot.sites.find((each) => each.site_id === siteId);
  return (
    <Drawer
      opened={siteId !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={<bdi>{site?.site_name ?? words.site}</bdi>}
      closeButtonProps={{ "aria-label": words.close }}
    >
      {site && <Body snapshot={snapshot} site={site} onTask={onTask} />}
      {siteId && !site && <Empty title={text.state.notFound} hint={text.state.notFoundHint} />}
    </Drawer>
  );
}

function Body({
  snapshot,
  site,
  onTask,
}: {
  snapshot: Snapshot;
  site: Site;
  onTask: (taskId: string) => void;
}) {
  const zone = useZoneOf(site.site_id);
  const tasks = useSiteTasks(snapshot.id, site);
  const mayPause = snapshot.allowed_actions.includes("decommission.pause");
  return (
    <Stack gap="md">
      {site.paused_at && (
        <Alert color="violet">
          <Text size="sm">{words.sitePaused(moment(site.paused_at, zone))}</Text>
        </Alert>
      )}
      {mayPause && site.finished_at === null && (
        <Group>
          <Pause
            decommissionId={snapshot.id}
            siteId={site.site_id}
            isPaused={site.paused_at !== null}
          />
        </Group>
      )}
      <ProgressBar counts={site.counts} />
      <Facts
        facts={[
          [words.began, site.started_at && moment(site.started_at, zone)],
          [words.ended, site.finished_at && moment(site.finished_at, zone)],
        ]}
      />
      {!tasks && <Loading />}
      <Stack gap={4} role="group" aria-label={words.tasks}>
        {SITE_KINDS.map((kind) => {
          const task = tasks?.find((each) => each.kind === kind);
          if (!task) return null;
          return (
            <UnstyledButton key={kind} className="task-line" onClick={() => onTask(task.id)}>
              <Text size="sm" flex={1}>
                {text.words.kinds[kind]}
              </Text>
              {task.total > 1 && (
                <Text size="xs" className="quiet">
                  {text.progress.grid.amount(count(task.done), count(task.total))}
                </Text>
              )}
              <Text size="sm">{text.words.task[taskStanding(task)]}</Text>
              <TaskMark task={task} />
            </UnstyledButton>
          );
        })}
      </Stack>
    </Stack>
  );
}
