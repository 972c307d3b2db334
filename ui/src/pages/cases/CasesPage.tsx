import { Group, Stack, Text, Title } from "@mantine/core";
import { useMe } from "~/api/me";
import { Empty, Loading, Trouble } from "~/parts/Trouble";
import { useFilters } from "~/parts/filters/useFilters";
import { text } from "~/text/en";
import { isNarrowed } from "./caseFilters";
import { CaseFilters } from "./CaseFilters";
import { CaseTable } from "./CaseTable";
import { NewCase } from "./NewCase";
import { useCases } from "./useCases";

const { list } = text.cases;

/** Operations > Support: the open cases unless told, and the way to a new one. */
export function CasesPage() {
  const me = useMe();
  const filters = useFilters();
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h3">
          {text.cases.title}
        </Title>
        {me.data?.allowed_actions.includes("case.raise") && <NewCase />}
      </Group>
      <CaseFilters filters={filters} />
      <Found asked={filters.asked} />
    </Stack>
  );
}

function Found({ asked }: { asked: URLSearchParams }) {
  const pages = useCases(asked);
  if (pages.isPending) return <Loading />;
  const trouble = pages.isError && (
    <Trouble error={pages.error} onRetry={() => void pages.refetch()} />
  );
  if (!pages.data) return trouble;
  const cases = pages.data.pages.flatMap((page) => page.items);
  const isWide = ["all", "resolved", "closed"].includes(asked.get("status") ?? "");
  if (cases.length === 0 && !trouble) {
    return isNarrowed(asked) ? (
      <Empty title={list.noMatch} hint={list.noMatchHint} />
    ) : (
      <Empty title={list.none} hint={list.noneHint} />
    );
  }
  return (
    <>
      {trouble}
      <Text size="sm" role="status">
        {pages.hasNextPage ? list.shownSoFar(cases.length) : list.shown(cases.length)}
        {isWide && `. ${list.over}`}
      </Text>
      <CaseTable cases={cases} pages={pages} />
    </>
  );
}
