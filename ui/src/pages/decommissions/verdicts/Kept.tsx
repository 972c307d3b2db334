import { Stack, Table, Text, Title } from "@mantine/core";
import type { Schemas } from "~/api/client";
import { text } from "~/text/en";
import { count, words as spoken } from "~/text/format";

const words = text.progress.verdicts;

/** Data that must stay, digested before and after. */
export function Kept({
  retained,
  isUnchanged,
}: {
  retained: Schemas["RetentionOut"][];
  isUnchanged: boolean | null;
}) {
  return (
    <Stack gap={4}>
      <Title order={2} size="h4">
        {words.kept}
      </Title>
      <Text size="sm" fw={600} className={isUnchanged === false ? "alarm" : undefined}>
        {told(isUnchanged)}
      </Text>
      <Table.ScrollContainer minWidth={420} type="native">
        <Table aria-label={words.keptLabel} maw={720}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{text.columns.name}</Table.Th>
              <Table.Th scope="col" ta="right">
                {words.before}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {words.after}
              </Table.Th>
              <Table.Th scope="col">{words.unchanged}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {retained.map((each) => (
              <Table.Tr key={each.subject}>
                <Table.Th scope="row" fw={400}>
                  {words.subjects[each.subject] ?? spoken(each.subject)}
                </Table.Th>
                <Table.Td ta="right">{count(each.rows_before)}</Table.Td>
                <Table.Td ta="right">
                  {each.rows_after === null ? "" : count(each.rows_after)}
                </Table.Td>
                <Table.Td>{words.states[stateOf(each.unchanged)]}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

function told(isUnchanged: boolean | null): string {
  if (isUnchanged === null) return words.keptUnread;
  return isUnchanged ? words.keptUnchanged : words.keptChanged;
}

function stateOf(isUnchanged: boolean | null): keyof typeof words.states {
  if (isUnchanged === null) return "unread";
  return isUnchanged ? "yes" : "no";
}
