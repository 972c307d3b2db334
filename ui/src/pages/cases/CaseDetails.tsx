import { Button, Group, Select, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { api, read, type Schemas } from "~/api/client";
import { useChange } from "~/api/useChange";
import { useWho } from "~/parts/actors/useWho";
import { optionsOf } from "~/parts/options";
import { Facts } from "~/parts/Facts";
import { Moment } from "~/parts/Moment";
import { text } from "~/text/en";
import { fieldErrors } from "./fieldErrors";
import { Part } from "./Part";
import { shownWith, type Case } from "./useCase";

const { details, categories, origins, priorities } = text.cases;
const PRIORITIES = optionsOf(priorities);

/** What is known of a case; its priority and outside number are set by whoever handles it. */
export function CaseDetails({ of, timeZone }: { of: Case; timeZone: string | undefined }) {
  const who = useWho();
  const mayEdit = of.allowed_actions.edit;
  return (
    <Part title={details.title}>
      {mayEdit && <PriorityEdit of={of} />}
      {mayEdit && <ReferenceEdit of={of} />}
      <Facts
        look="list"
        facts={[
          [details.priority, mayEdit ? undefined : priorities[of.priority]],
          [
            details.reference,
            !mayEdit && of.external_reference && <bdi>{of.external_reference}</bdi>,
          ],
          [details.category, categories[of.category]],
          [details.origin, origins[of.origin]],
          [details.requestedBy, who(of.requested_by)],
          [details.created, <Moment at={of.created_at} timeZone={timeZone} />],
          [details.updated, <Moment at={of.updated_at} timeZone={timeZone} />],
        ]}
      />
    </Part>
  );
}

function useEdit(of: Case, onDone?: () => void) {
  return useChange({
    isQuiet: onDone !== undefined,
    send: (body: Schemas["EditIn"], key) =>
      read(
        api.PATCH("/api/v1/cases/{case_id}", {
          params: { path: { case_id: of.id }, header: { "idempotency-key": key } },
          body,
        }),
      ),
    refreshes: shownWith(of.id),
    done: details.saved,
    onDone,
  });
}

function PriorityEdit({ of }: { of: Case }) {
  const edit = useEdit(of);
  return (
    <Select
      label={details.priority}
      size="sm"
      allowDeselect={false}
      data={PRIORITIES}
      value={(edit.isPending && edit.variables.priority) || of.priority}
      disabled={edit.isPending}
      onChange={(value) =>
        value && value !== of.priority && edit.mutate({ priority: value as Case["priority"] })
      }
    />
  );
}

function ReferenceEdit({ of }: { of: Case }) {
  const [draft, setDraft] = useState<string>();
  const edit = useEdit(of, () => setDraft(undefined));
  const shown = draft ?? of.external_reference ?? "";
  const isNew = shown !== (of.external_reference ?? "");
  const errors: Record<string, string> = fieldErrors(edit.error, ["external_reference"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isNew) edit.mutate({ external_reference: shown.trim() || null });
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-start" gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          label={details.reference}
          description={details.referenceHint}
          placeholder={details.noReference}
          size="sm"
          dir="auto"
          value={shown}
          error={errors.external_reference ?? errors[""]}
          onChange={(event) => setDraft(event.currentTarget.value)}
        />
        <Button
          type="submit"
          size="sm"
          mt={44}
          variant="default"
          disabled={!isNew}
          loading={edit.isPending}
        >
          {details.save}
        </Button>
      </Group>
    </form>
  );
}
