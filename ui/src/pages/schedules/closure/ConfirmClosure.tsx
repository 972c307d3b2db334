import { Alert, Button, Checkbox, Group, List, NumberInput, Paper, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useNavigate } from "react-router-dom";
import { api, read } from "~/api/client";
import { useChange } from "~/api/useChange";
import { NameToType } from "~/parts/confirmation/NameToType";
import { Refused } from "~/parts/Refused";
import { isSameName } from "~/parts/confirmation/sameName";
import { Loading, Trouble } from "~/parts/Trouble";
import { count } from "~/text/format";
import { text } from "~/text/en";
import { StepTitle } from "./StepTitle";
import { useClosurePreview, type Closure, type ClosurePreview } from "./useClosure";

const words = text.closure;
const REFRESHES = [["closure-preview"], ["occupiers"], ["occupier"], ["decommissions"]];
const USUAL_AT_ONCE = 3;
const MOST_AT_ONCE = 20;

/** Step 3: the site's name typed exactly, and that it is irreversible understood. */
export function ConfirmClosure({ siteId }: { siteId: string }) {
  const preview = useClosurePreview(siteId);
  if (preview.isPending) return <Loading />;
  if (preview.isError) return <Trouble error={preview.error} onRetry={() => preview.refetch()} />;
  return (
    <Stack>
      <StepTitle>{words.confirmTitle(preview.data.site_name)}</StepTitle>
      <Toll preview={preview.data} />
      <Confirmation siteId={siteId} site={preview.data.site_name} />
    </Stack>
  );
}

function Toll({ preview: { goes, stays } }: { preview: ClosurePreview }) {
  const blocked = goes.filter((each) => each.reasons.length > 0).length;
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={words.irreversible}>
      <List size="sm">
        <List.Item>{words.willGo(count(goes.length - blocked))}</List.Item>
        {blocked > 0 && <List.Item>{words.willTry(count(blocked))}</List.Item>}
        <List.Item>{words.willStay(count(stays.length))}</List.Item>
      </List>
    </Alert>
  );
}

function Confirmation({ siteId, site }: { siteId: string; site: string }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [isUnderstood, setUnderstood] = useState(false);
  const [atOnce, setAtOnce] = useState<number | string>(USUAL_AT_ONCE);
  const here = `/sites/${siteId}/closure`;
  const close = useChange({
    send: (body: { name: string; acknowledgement: boolean; at_once: number }, key) =>
      read(
        api.POST("/api/v1/sites/{site_id}/closure", {
          params: { path: { site_id: siteId }, header: { "idempotency-key": key } },
          body,
        }),
      ),
    refreshes: REFRESHES,
    done: words.started,
    isQuiet: true,
    onDone: (closure: Closure) => void navigate(`${here}?closure=${closure.id}`),
  });
  const isReady = isSameName(typed, site) && isUnderstood && Number.isInteger(atOnce);
  return (
    <Paper
      withBorder
      p="md"
      component="form"
      maw={640}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isReady) return;
        close.mutate({ name: typed, acknowledgement: isUnderstood, at_once: Number(atOnce) });
      }}
    >
      <Stack>
        <NameToType
          name={site}
          typed={typed}
          onType={setTyped}
          label={words.nameLabel}
          ask={words.typeName}
          mismatch={words.notTheName}
          copyLabel={words.copyName}
        />
        <Checkbox
          label={words.acknowledge}
          checked={isUnderstood}
          onChange={(event) => setUnderstood(event.currentTarget.checked)}
        />
        <NumberInput
          label={words.atOnce}
          description={words.atOnceHint}
          descriptionProps={{ c: "var(--mantine-color-text)" }}
          min={1}
          max={MOST_AT_ONCE}
          clampBehavior="strict"
          allowDecimal={false}
          maw={260}
          value={atOnce}
          onChange={setAtOnce}
        />
        <Refused error={close.error} />
        <Group justify="flex-end">
          <Button component={Link} to={here} variant="default">
            {words.back}
          </Button>
          <Button type="submit" color="red" disabled={!isReady} loading={close.isPending}>
            {words.start}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
