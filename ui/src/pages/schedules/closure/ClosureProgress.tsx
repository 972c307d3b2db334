import { Alert, Anchor, Badge, Group, List, Paper, Progress, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { Moment } from "~/parts/Moment";
import { Loading, Trouble } from "~/parts/Trouble";
import { count } from "~/text/format";
import { useZoneOf } from "~/parts/sites/useSiteOf";
import { text } from "~/text/en";
import { ClosureLines } from "./ClosureLines";
import { closureStanding, type Standing } from "./closureStanding";
import { PauseClosure } from "./PauseClosure";
import { RESULTS } from "./ResultBadge";
import { StepTitle } from "./StepTitle";
import { useClosure, type Closure } from "./useClosure";

const words = text.closure;
const STATE_COLORS = { running: "blue.8", paused: "yellow", done: "teal.9" } as const;

/** Step 4: how far the closing is, and what became of each occupier. */
export function ClosureProgress({ closureId }: { closureId: string }) {
  const found = useClosure(closureId);
  if (found.isError && !found.data) {
    return <Trouble error={found.error} onRetry={() => found.refetch()} />;
  }
  if (!found.data) return <Loading />;
  const { closure } = found.data;
  const standing = closureStanding(closure.counts, closure.state === "done");
  const isPartly = standing.verdict === "partly";
  return (
    <Stack>
      <Group justify="space-between">
        <Group gap="sm">
          <StepTitle>{words.progressTitle(closure.site_name)}</StepTitle>
          <Badge
            variant="filled"
            autoContrast
            tt="none"
            color={isPartly ? "orange" : STATE_COLORS[closure.state]}
          >
            {words.states[closure.state]}
          </Badge>
        </Group>
        <PauseClosure found={found.data} />
      </Group>
      {found.isError && <Trouble error={found.error} onRetry={() => found.refetch()} />}
      <Summary closure={closure} standing={standing} />
      <Bar closure={closure} standing={standing} />
      <ClosureLines closure={closure} />
    </Stack>
  );
}

function Bar({ closure, standing }: { closure: Closure; standing: Standing }) {
  const zone = useZoneOf(closure.site_id);
  const { all, settled } = standing;
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Text size="sm" fw={600} role="status">
          {words.settled(count(settled), count(all))}
        </Text>
        <Progress.Root size="lg" aria-hidden>
          {RESULTS.filter(({ result }) => result !== "waiting").map(({ result, color }) => (
            <Progress.Section
              key={result}
              value={all ? (100 * (closure.counts[result] ?? 0)) / all : 0}
              color={color}
              animated={result === "started" && closure.state !== "done"}
              withAria={false}
            />
          ))}
        </Progress.Root>
        <Group gap="lg">
          {RESULTS.map(({ result, color }) => (
            <Group key={result} gap={6}>
              <span
                aria-hidden
                className="closure-key"
                style={{ background: `var(--mantine-color-${color.replace(".", "-")})` }}
              />
              <Text size="sm">
                {words.results[result]}: <b>{count(closure.counts[result] ?? 0)}</b>
              </Text>
            </Group>
          ))}
        </Group>
        <Text size="sm">
          {words.since} <Moment at={closure.created_at} timeZone={zone} />
          {closure.finished_at && (
            <>
              {" · "}
              {words.finished} <Moment at={closure.finished_at} timeZone={zone} />
            </>
          )}
          {" · "}
          {words.atOnceShown(count(closure.at_once))}
        </Text>
      </Stack>
    </Paper>
  );
}

/** Said once it is done; and while it is paused, what that means. */
function Summary({ closure, standing }: { closure: Closure; standing: Standing }) {
  const { verdict, all } = standing;
  if (verdict === "open") {
    if (closure.state !== "paused") return null;
    return <Alert color="yellow" title={words.pausedHint} />;
  }
  const isWell = verdict === "well";
  const title = isWell
    ? words.doneWell(count(all))
    : verdict === "nobody"
      ? words.doneNone
      : words.donePartly;
  return (
    <Alert
      role="status"
      color={verdict === "partly" ? "orange" : "green"}
      icon={verdict === "partly" ? <IconAlertTriangle /> : <IconCheck />}
      title={title}
    >
      {verdict === "partly" && <Rest closure={closure} />}
      <Anchor
        component={Link}
        to={`/sites/${closure.site_id}/closure`}
        size="sm"
        c="inherit"
        underline="always"
      >
        {words.preview}
      </Anchor>
    </Alert>
  );
}

function Rest({ closure: { counts } }: { closure: Closure }) {
  return (
    <List size="sm" mb="xs">
      {(counts.failed ?? 0) > 0 && <List.Item>{words.failedHint}</List.Item>}
      {(counts.refused ?? 0) > 0 && <List.Item>{words.refusedAfter}</List.Item>}
    </List>
  );
}
