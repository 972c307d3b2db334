import { Anchor, Button, CopyButton, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { api, read, type Schemas } from "~/api/client";
import { Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { BundleShown } from "./BundleShown";
import { Part } from "./Part";
import type { Case } from "./useCase";

const { bundle: labels } = text.cases;

/** The diagnostics bundle: to read here, to paste into a ticket, or to take along. */
export function CaseBundle({ of, timeZone }: { of: Case; timeZone: string | undefined }) {
  const [isShown, { toggle }] = useDisclosure();
  return (
    <Part
      title={labels.title}
      aside={
        <Button size="xs" variant="default" aria-expanded={isShown} onClick={toggle}>
          {isShown ? labels.hide : labels.show}
        </Button>
      }
    >
      <Text size="sm">{labels.hint}</Text>
      <Group gap="md">
        <CopyMarkdown caseId={of.id} />
        <Anchor
          size="sm"
          href={`${of.bundle_url}?format=markdown`}
          download={`case-${of.number}.md`}
        >
          {labels.text}
        </Anchor>
        <Anchor size="sm" href={of.bundle_url} download={`case-${of.number}.json`}>
          {labels.json}
        </Anchor>
      </Group>
      {isShown && <Bundle caseId={of.id} timeZone={timeZone} />}
    </Part>
  );
}

function Bundle({ caseId, timeZone }: { caseId: string; timeZone: string | undefined }) {
  const bundle = useQuery({
    queryKey: ["case", caseId, "bundle"],
    refetchInterval: 15_000,
    queryFn: async () =>
      (await read(
        api.GET("/api/v1/cases/{case_id}/bundle", { params: { path: { case_id: caseId } } }),
      )) as Schemas["BundleOut"], // and not Markdown, which was not asked for
  });
  if (bundle.isPending) return <Loading />;
  if (bundle.isError) return <Trouble error={bundle.error} onRetry={() => void bundle.refetch()} />;
  return <BundleShown of={bundle.data} timeZone={timeZone} />;
}

/** Read beforehand, as browsers let a page copy only at once after the press. */
function CopyMarkdown({ caseId }: { caseId: string }) {
  const [isWanted, { open }] = useDisclosure();
  const markdown = useQuery({
    queryKey: ["case", caseId, "bundle", "markdown"],
    enabled: isWanted,
    queryFn: () =>
      read(
        api.GET("/api/v1/cases/{case_id}/bundle", {
          params: { path: { case_id: caseId }, query: { format: "markdown" } },
          parseAs: "text",
        }),
      ),
  });
  return (
    <CopyButton value={markdown.data ?? ""}>
      {({ copied, copy }) => (
        <Button
          size="xs"
          variant="default"
          onPointerEnter={open}
          onFocus={open}
          loading={isWanted && markdown.isFetching && !markdown.data}
          onClick={copy}
        >
          {copied ? text.changes.copied : labels.copy}
        </Button>
      )}
    </CopyButton>
  );
}
