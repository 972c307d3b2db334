import { Anchor, Button, Center, Select, Stack, Table } from "@mantine/core";
import { Link } from "react-router-dom";
import { Empty } from "~/parts/Trouble";
import { useFilters } from "~/parts/filters/useFilters";
import { count } from "~/text/format";
import { text } from "~/text/en";
import { Reasons } from "../Reasons";
import { ResultBadge, RESULTS } from "./ResultBadge";
import type { Closure } from "./useClosure";
import { useSome } from "./useSome";

const words = text.closure;

/** A line per occupier, in the order in which they are started; one result alone if asked for. */
export function ClosureLines({ closure }: { closure: Closure }) {
  const filters = useFilters();
  const wanted = filters.one("result") ?? null;
  const lines = closure.occupiers.filter((each) => !wanted || each.result === wanted);
  const { some, next, showMore } = useSome(lines);
  return (
    <Stack gap="xs">
      <Select
        label={words.only}
        placeholder={words.everything}
        clearable
        w={260}
        data={RESULTS.map(({ result }) => ({ value: result, label: words.results[result] }))}
        value={wanted}
        onChange={(value) => filters.set("result", value)}
      />
      {lines.length === 0 && <Empty title={words.none} />}
      {lines.length > 0 && <Lines lines={some} />}
      {next > 0 && (
        <Center>
          <Button variant="default" size="xs" onClick={showMore}>
            {words.showMore(count(next))}
          </Button>
        </Center>
      )}
    </Stack>
  );
}

function Lines({ lines }: { lines: Closure["occupiers"] }) {
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table aria-label={words.all} layout="fixed" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.occupier}</Table.Th>
            <Table.Th w={180}>{words.result}</Table.Th>
            <Table.Th>{words.reasons}</Table.Th>
            <Table.Th w={160}>{words.decommission}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line) => (
            <Table.Tr key={line.occupier_id}>
              <Table.Td>
                <Anchor
                  component={Link}
                  to={`/occupiers/${line.occupier_id}`}
                  dir="auto"
                  truncate
                  display="block"
                  size="sm"
                >
                  {line.occupier_name}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <ResultBadge result={line.result} />
              </Table.Td>
              <Table.Td>
                <Reasons reasons={line.reasons} />
              </Table.Td>
              <Table.Td>
                {line.decommission_id && (
                  <Anchor
                    component={Link}
                    to={`/decommissions/${line.decommission_id}`}
                    aria-label={words.seeOf(line.occupier_name)}
                    size="sm"
                  >
                    {words.see}
                  </Anchor>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
