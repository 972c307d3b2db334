import { Alert, Anchor, Button, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { Link } from "react-router-dom";
import { Loading, Trouble } from "~/parts/Trouble";
import { count } from "~/text/format";
import { text } from "~/text/en";
import { Candidates } from "./Candidates";
import { StepTitle } from "./StepTitle";
import { useClosure, useClosurePreview, type ClosurePreview } from "./useClosure";

const words = text.closure;

/** Step 2: whom it would concern, whom it would fail with, and whom it leaves alone. */
export function WhoGoes({ siteId }: { siteId: string }) {
  const preview = useClosurePreview(siteId);
  const before = useClosure(preview.data?.closure_id);
  if (preview.isPending) return <Loading />;
  if (preview.isError) return <Trouble error={preview.error} onRetry={() => preview.refetch()} />;
  const { site_name: site, goes, stays, closure_id: closureId } = preview.data;
  const isClosing = before.data !== undefined && before.data.closure.state !== "done";
  const ready = goes.filter((each) => each.reasons.length === 0);
  const refused = goes.filter((each) => each.reasons.length > 0);
  return (
    <Stack>
      <StepTitle>{words.whoTitle(site)}</StepTitle>
      <Text>{words.whoHint}</Text>
      {closureId && before.data && (
        <Alert
          color={isClosing ? "blue" : "gray"}
          title={isClosing ? words.closingNow : words.closedBefore}
        >
          {!isClosing && <Text size="sm">{words.closedBeforeHint}</Text>}
          <Anchor
            component={Link}
            to={`/sites/${siteId}/closure?closure=${closureId}`}
            size="sm"
            c="inherit"
            underline="always"
          >
            {isClosing ? words.seeProgress : words.seeResult}
          </Anchor>
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        <Figure label={words.goes} value={ready.length} />
        <Figure label={words.refused} value={refused.length} />
        <Figure label={words.stays} value={stays.length} />
      </SimpleGrid>
      <Onwards preview={preview.data} isClosing={isClosing} />
      <Candidates title={words.refused} hint={words.refusedHint} candidates={refused} />
      <Candidates title={words.goes} hint={words.goesHint} candidates={ready} />
      <Candidates title={words.stays} hint={words.staysHint} candidates={stays} isElsewhere />
    </Stack>
  );
}

function Figure({ label, value }: { label: string; value: number }) {
  return (
    <Paper withBorder p="md">
      <Text fz={28} fw={700} lh={1.1}>
        {count(value)}
      </Text>
      <Text size="sm">{label}</Text>
    </Paper>
  );
}

/** On to the confirmation, unless there is nothing to confirm. */
function Onwards({ preview, isClosing }: { preview: ClosurePreview; isClosing: boolean }) {
  const { goes, site_id: siteId } = preview;
  const here = `/sites/${siteId}/closure`;
  const isNobody = goes.length === 0;
  const isAllRefused = !isNobody && goes.every((each) => each.reasons.length > 0);
  const isBarred = isNobody || isAllRefused || isClosing;
  return (
    <Group justify="space-between">
      <Text size="sm" fw={600} role="status">
        {isNobody
          ? `${words.nobodyGoes}. ${words.nobodyGoesHint}`
          : isAllRefused
            ? words.allRefused
            : ""}
      </Text>
      <Group>
        <Button component={Link} to={`${here}?step=site`} variant="default">
          {words.back}
        </Button>
        {isBarred ? (
          <Button disabled>{words.next}</Button>
        ) : (
          <Button component={Link} to={`${here}?step=confirm`}>
            {words.next}
          </Button>
        )}
      </Group>
    </Group>
  );
}
