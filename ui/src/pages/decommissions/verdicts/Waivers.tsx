import { Stack, Table, Text, Title } from "@mantine/core";
import type { Schemas } from "~/api/client";
import { useWho } from "~/parts/actors/useWho";
import { Moment } from "~/parts/Moment";
import { text } from "~/text/en";

const words = text.progress.verdicts;

/** Tasks that were left undone for ever, and the two who answer for that. */
export function Waivers({
  waivers,
  names,
}: {
  waivers: Schemas["WaiverOut"][];
  names: ReadonlyMap<string, string>;
}) {
  const who = useWho();
  return (
    <Stack gap={4}>
      <Title order={2} size="h4">
        {words.waivers}
      </Title>
      {waivers.length === 0 ? (
        <Text size="sm">{words.noWaivers}</Text>
      ) : (
        <Table.ScrollContainer minWidth={640} type="native">
          <Table aria-label={words.waiversLabel}>
            <Table.Thead>
              <Table.Tr>
                {[
                  words.task,
                  text.columns.site,
                  words.reason,
                  words.decidedBy,
                  words.secondPerson,
                  words.waivedAt,
                ].map((head) => (
                  <Table.Th key={head} scope="col">
                    {head}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {waivers.map((waiver) => (
                <Table.Tr key={waiver.decision_id}>
                  <Table.Td>{text.words.kinds[waiver.kind]}</Table.Td>
                  <Table.Td dir="auto">
                    {waiver.site_id ? names.get(waiver.site_id) : text.words.wholeOccupier}
                  </Table.Td>
                  <Table.Td>{words.reasons[waiver.reason]}</Table.Td>
                  <Table.Td>{who(waiver.decided_by)}</Table.Td>
                  <Table.Td>{who(waiver.second_person)}</Table.Td>
                  <Table.Td>
                    <Moment at={waiver.waived_at} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}
