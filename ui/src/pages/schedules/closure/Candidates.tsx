import { Anchor, Button, Center, Stack, Table, Text, Title } from "@mantine/core";
import { Link } from "react-router-dom";
import { StatusBadge } from "~/parts/StatusBadge";
import { count } from "~/text/format";
import { useSiteOf } from "~/parts/sites/useSiteOf";
import { text } from "~/text/en";
import { Reasons } from "../Reasons";
import type { Candidate } from "./useClosure";
import { useSome } from "./useSome";

const words = text.closure;

/** A part of the occupiers of a site, with why they are in this part. */
export function Candidates({
  title,
  hint,
  candidates,
  isElsewhere = false,
}: {
  title: string;
  hint: string;
  candidates: Candidate[];
  isElsewhere?: boolean;
}) {
  const { some, next, showMore } = useSome(candidates);
  if (candidates.length === 0) return null;
  const hasReasons = candidates.some((each) => each.reasons.length > 0);
  return (
    <Stack gap="xs" component="section">
      <div>
        <Title order={3} size="h5">
          {title} ({count(candidates.length)})
        </Title>
        <Text size="sm">{hint}</Text>
      </div>
      <Table.ScrollContainer minWidth={520}>
        <Table aria-label={title} layout="fixed" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.occupier}</Table.Th>
              <Table.Th w={220}>{words.status}</Table.Th>
              {hasReasons && <Table.Th>{words.reasons}</Table.Th>}
              {isElsewhere && <Table.Th>{words.otherSites}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {some.map((one) => (
              <Table.Tr key={one.occupier_id}>
                <Table.Td>
                  <Anchor
                    component={Link}
                    to={`/occupiers/${one.occupier_id}/config`}
                    dir="auto"
                    truncate
                    display="block"
                    size="sm"
                  >
                    {one.occupier_name}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <StatusBadge status={one.status} />
                </Table.Td>
                {hasReasons && (
                  <Table.Td>
                    <Reasons reasons={one.reasons} />
                  </Table.Td>
                )}
                {isElsewhere && (
                  <Table.Td>
                    <OtherSites candidate={one} />
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
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

const NAMED = 3;

/** Some of them by name, the rest counted: a large occupier is at hundreds of sites. */
function OtherSites({ candidate }: { candidate: Candidate }) {
  const siteOf = useSiteOf();
  const names = candidate.other_site_ids.flatMap((id) => siteOf(id)?.name ?? []);
  const named = names.slice(0, NAMED);
  const rest = candidate.other_sites - named.length;
  if (candidate.other_sites === 0) return null;
  return (
    <>
      {named.join(", ")}
      {rest > 0 && ` ${named.length > 0 ? words.andMore(count(rest)) : words.sites(count(rest))}`}
    </>
  );
}
