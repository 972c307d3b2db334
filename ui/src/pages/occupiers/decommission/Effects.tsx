import { Table, Title } from "@mantine/core";
import { text } from "~/text/en";

const { effects } = text.decommission;

/** What decommissioning does, area by area, and what stays readable (DD-04, reference 12.4). */
export function Effects() {
  return (
    <section>
      <Title order={3} size="h5" mb={4}>
        {effects.title}
      </Title>
      <Table.ScrollContainer minWidth={460}>
        <Table aria-label={effects.title} verticalSpacing={6} className="decommission-effects">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="8.5rem">{effects.area}</Table.Th>
              <Table.Th>{effects.ends}</Table.Th>
              <Table.Th w="13rem">{effects.stays}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {effects.rows.map((row) => (
              <Table.Tr key={row.area}>
                <Table.Th scope="row" fw={500}>
                  {row.area}
                </Table.Th>
                <Table.Td>{row.ends}</Table.Td>
                <Table.Td>{row.stays}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}
