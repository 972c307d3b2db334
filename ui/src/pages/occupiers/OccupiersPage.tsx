import { Grid, Paper, Title } from "@mantine/core";
import { useParams } from "react-router-dom";
import { Empty } from "~/parts/Trouble";
import { text } from "~/text/en";
import { OccupierList } from "./OccupierList";
import { OccupierView } from "./OccupierView";

/** The list on the left, one occupier on the right. */
export function OccupiersPage() {
  const { occupierId, tab } = useParams();
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 4, lg: 3 }}>
        <Paper withBorder p="sm">
          <Title order={1} size="h4" mb="xs">
            {text.occupiers.title}
          </Title>
          <OccupierList chosen={occupierId} tab={tab} />
        </Paper>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8, lg: 9 }}>
        {occupierId ? (
          <OccupierView occupierId={occupierId} tab={tab ?? "contracts"} />
        ) : (
          <Empty title={text.occupiers.choose} />
        )}
      </Grid.Col>
    </Grid>
  );
}
