import {
  Alert,
  Button,
  Group,
  Select,
  SimpleGrid,
  Stack,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useNavigate } from "react-router-dom";
import { api, read, type Schemas } from "~/api/client";
import { useSites } from "~/api/sites";
import { useChange } from "~/api/useChange";
import { optionsOf } from "~/parts/options";
import { siteOptions } from "~/parts/sites/siteOptions";
import { text } from "~/text/en";
import { fieldErrors } from "./fieldErrors";
import { OccupierSelect } from "./OccupierSelect";

type Wanted = Schemas["CaseIn"];

const { raise, categories, priorities } = text.cases;
const FIELDS = [
  "subject",
  "description",
  "category",
  "priority",
  "site_id",
  "occupier_id",
] as const;

/** A case about anything; what the API refuses is told at its field. */
export function NewCaseForm({ onCancel }: { onCancel: () => void }) {
  const navigate = useNavigate();
  const sites = useSites();
  const [wanted, setWanted] = useState<Wanted>({
    subject: "",
    description: "",
    category: "technical",
    priority: "p3",
    site_id: null,
    occupier_id: null,
  });
  const change = useChange({
    isQuiet: true,
    send: (body: Wanted, key) =>
      read(api.POST("/api/v1/cases", { params: { header: { "idempotency-key": key } }, body })),
    refreshes: [["cases"]],
    onDone: (made) => void navigate(`/cases/${made.id}`),
  });
  const errors: Record<string, string> = fieldErrors(change.error, FIELDS);
  const set = <Name extends keyof Wanted>(name: Name, value: Wanted[Name]) =>
    setWanted((before) => ({ ...before, [name]: value }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(wanted);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {errors[""] && (
          <Alert role="alert" color="red" title={raise.refused}>
            {errors[""]}
          </Alert>
        )}
        <TextInput
          label={text.cases.subject}
          required
          data-autofocus
          dir="auto"
          value={wanted.subject}
          error={errors.subject}
          onChange={(event) => set("subject", event.currentTarget.value)}
        />
        <Textarea
          label={raise.description}
          description={raise.descriptionHint}
          required
          autosize
          minRows={4}
          maxRows={12}
          dir="auto"
          value={wanted.description}
          error={errors.description}
          onChange={(event) => set("description", event.currentTarget.value)}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={raise.category}
            allowDeselect={false}
            data={optionsOf(categories)}
            value={wanted.category}
            error={errors.category}
            onChange={(value) => value && set("category", value)}
          />
          <Select
            label={raise.priority}
            allowDeselect={false}
            data={optionsOf(priorities)}
            value={wanted.priority}
            error={errors.priority}
            onChange={(value) => value && set("priority", value)}
          />
          <Select
            label={raise.site}
            placeholder={raise.noSite}
            clearable
            clearButtonProps={{ "aria-label": raise.noSite }}
            searchable
            limit={50}
            data={siteOptions(sites.data)}
            value={wanted.site_id ?? null}
            error={errors.site_id}
            onChange={(value) => set("site_id", value)}
          />
          <OccupierSelect
            value={wanted.occupier_id ?? null}
            error={errors.occupier_id}
            onChange={(value) => set("occupier_id", value)}
          />
        </SimpleGrid>
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {text.changes.cancel}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {text.changes.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
