import { Anchor, Paper, Stack, Tabs } from "@mantine/core";
import { Link, useParams } from "react-router-dom";
import { useLiveDecommission, type Snapshot } from "~/api/live";
import type { Connection } from "~/api/liveStream";
import { Loading, Trouble } from "~/parts/Trouble";
import { useFilters } from "~/parts/filters/useFilters";
import { text } from "~/text/en";
import { Attention } from "./attention/Attention";
import { SiteDrawer } from "./drawer/SiteDrawer";
import { TaskDrawer } from "./drawer/TaskDrawer";
import { Feed } from "./feed/Feed";
import { OccupierTasks } from "./grid/OccupierTasks";
import { SiteGrid } from "./grid/SiteGrid";
import { Figures } from "./summary/Figures";
import { Header } from "./summary/Header";
import { Notices } from "./summary/Notices";
import { ProgressBar } from "./summary/ProgressBar";
import { Remains } from "./summary/Remains";
import { Timeline } from "./timeline/Timeline";
import { Verdicts } from "./verdicts/Verdicts";

const words = text.progress;
const VIEWS = ["overview", "timeline", "feed", "verdicts"] as const;

/** One decommission, live. */
export function DecommissionPage() {
  const { decommissionId = "" } = useParams();
  const live = useLiveDecommission(decommissionId);
  return (
    <Stack gap="md">
      <Anchor component={Link} to="/decommissions" size="sm">
        {words.title}
      </Anchor>
      {live.data ? (
        <Whole snapshot={live.data} connection={live.connection} receivedAt={live.receivedAt} />
      ) : live.isError ? (
        <Trouble error={live.error} onRetry={() => live.refetch()} />
      ) : (
        <Loading />
      )}
    </Stack>
  );
}

function Whole({
  snapshot,
  connection,
  receivedAt,
}: {
  snapshot: Snapshot;
  connection: Connection;
  receivedAt: number;
}) {
  const filters = useFilters();
  const view = VIEWS.find((each) => each === filters.one("view")) ?? "overview";
  const show = (wanted: string | null) =>
    filters.set("view", wanted === "overview" ? null : wanted);
  const onTask = (taskId: string) => filters.set("task", taskId);
  const onSite = (siteId: string) => filters.set("site", siteId);
  const taskId = filters.one("task");
  return (
    <>
      <Header snapshot={snapshot} connection={connection} />
      <Notices snapshot={snapshot} connection={connection} />
      <Paper withBorder p="md">
        <Stack gap="md">
          <ProgressBar counts={snapshot.counts} />
          <Figures snapshot={snapshot} receivedAt={receivedAt} />
        </Stack>
      </Paper>
      {snapshot.state === "decommissioned" && (
        <Remains snapshot={snapshot} onVerdicts={() => show("verdicts")} />
      )}
      <Tabs value={view} onChange={show} keepMounted={false}>
        <Tabs.List aria-label={words.views.label}>
          {VIEWS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {words.views[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview" pt="md">
          <Stack gap="md">
            <Attention snapshot={snapshot} onTask={onTask} />
            <OccupierTasks snapshot={snapshot} onTask={onTask} />
            <SiteGrid snapshot={snapshot} onTask={onTask} onSite={onSite} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="timeline" pt="md">
          <Timeline decommission={snapshot} onTask={onTask} />
        </Tabs.Panel>
        <Tabs.Panel value="feed" pt="md">
          <Feed decommission={snapshot} onTask={onTask} />
        </Tabs.Panel>
        <Tabs.Panel value="verdicts" pt="md">
          <Verdicts snapshot={snapshot} />
        </Tabs.Panel>
      </Tabs>
      <SiteDrawer
        snapshot={snapshot}
        siteId={taskId ? undefined : filters.one("site")}
        onTask={onTask}
        onClose={() => filters.set("site", null)}
      />
      <TaskDrawer taskId={taskId} onClose={() => filters.set("task", null)} />
    </>
  );
}
