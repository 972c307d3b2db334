import { Button, Group, Select, Stack } from "@mantine/core";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { useSites } from "~/api/sites";
import { Loading, Trouble } from "~/parts/Trouble";
import { siteOptions } from "~/parts/sites/siteOptions";
import { text } from "~/text/en";

const words = text.closure;

/** Step 1: one of the open sites; leads to whom its closing would concern. */
export function ChooseSite({ siteId }: { siteId?: string }) {
  const sites = useSites();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<string | null>(siteId ?? null);
  if (sites.isPending) return <Loading />;
  if (sites.isError) return <Trouble error={sites.error} onRetry={() => sites.refetch()} />;
  const data = siteOptions(sites.data.filter((site) => site.is_open || site.id === siteId));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen) void navigate(`/sites/${chosen}/closure`);
      }}
    >
      <Stack maw={480}>
        <Select
          label={words.choose}
          description={words.chooseHint}
          descriptionProps={{ c: "var(--mantine-color-text)" }}
          placeholder={words.choosePlaceholder}
          nothingFoundMessage={words.noSite}
          searchable
          data={data}
          value={chosen}
          onChange={setChosen}
          data-autofocus
        />
        <Group justify="flex-end">
          <Button type="submit" disabled={!chosen}>
            {words.next}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
