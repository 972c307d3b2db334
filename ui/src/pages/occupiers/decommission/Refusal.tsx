import { List, Stack, Table, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { Schemas } from "~/api/client";
import { Problem } from "~/api/problem";
import { isUnanswered } from "~/api/useChange";
import { LogInAgain } from "~/parts/LogInAgain";
import { count } from "~/text/format";
import { text } from "~/text/en";
import { kindName } from "./kindName";
import { Notice } from "./Notice";

const { refusal: said } = text.decommission;

interface Change {
  site_id: string;
  site_name: string | null;
  kind: string;
  before: number;
  after: number;
}

/** Everything that the server said against it, brought into sight; or that it said nothing. */
export function Refusal({ error, onLeave }: { error: Error; onLeave: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: "center" });
  }, [error]);
  const isLost = isUnanswered(error);
  const problem = error instanceof Problem ? error : undefined;
  return (
    <Notice
      ref={place}
      role="alert"
      color={isLost ? "yellow" : "red"}
      icon={isLost ? IconPlugConnectedX : IconAlertTriangle}
    >
      <Stack gap="xs" align="flex-start">
        <Text fw={700}>{isLost ? said.lost : said.title}</Text>
        <Text size="sm">{isLost ? said.lostHint : error.message}</Text>
        {problem && !isLost && <Details problem={problem} onLeave={onLeave} />}
        {problem?.requestId && <Text size="xs">{text.state.requestId(problem.requestId)}</Text>}
      </Stack>
    </Notice>
  );
}

function Details({ problem, onLeave }: { problem: Problem; onLeave: () => void }) {
  const { blockers, changes } = problem.body as {
    blockers?: Schemas["BlockerOut"][];
    changes?: Change[];
  };
  const reasons = [
    ...problem.fieldErrors.map((each) => `${each.field.replace(/^body\./, "")}: ${each.message}`),
    ...(blockers ?? []).map((each) => [each.why, each.site_name].filter(Boolean).join(" ")),
  ];
  return (
    <>
      {reasons.length > 0 && (
        <List size="sm">
          {reasons.map((reason, index) => (
            <List.Item key={index}>
              <bdi>{reason}</bdi>
            </List.Item>
          ))}
        </List>
      )}
      {changes && changes.length > 0 && <Changes changes={changes} />}
      {problem.isSignedOut && <LogInAgain hint={said.logInHint} onLeave={onLeave} />}
    </>
  );
}

function Changes({ changes }: { changes: Change[] }) {
  return (
    <Table aria-label={said.changes} verticalSpacing={2} w="auto" horizontalSpacing="md">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{said.site}</Table.Th>
          <Table.Th>{said.kind}</Table.Th>
          <Table.Th ta="right">{said.before}</Table.Th>
          <Table.Th ta="right">{said.after}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changes.map((change) => (
          <Table.Tr key={`${change.site_id} ${change.kind}`}>
            <Table.Td>
              <bdi>{change.site_name}</bdi>
            </Table.Td>
            <Table.Td>{kindName(change.kind)}</Table.Td>
            <Table.Td ta="right">{count(change.before)}</Table.Td>
            <Table.Td ta="right">{count(change.after)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
