import { Grid, Stack } from "@mantine/core";
import { useParams } from "react-router-dom";
import { Loading, Trouble } from "~/parts/Trouble";
import { useZoneOf } from "~/parts/sites/useSiteOf";
import { CaseAdvice } from "./CaseAdvice";
import { CaseBundle } from "./CaseBundle";
import { CaseComments } from "./CaseComments";
import { CaseDecisions } from "./CaseDecisions";
import { CaseDetails } from "./CaseDetails";
import { CaseFiles } from "./CaseFiles";
import { CaseHeader } from "./CaseHeader";
import { CaseHistory } from "./CaseHistory";
import { CaseHold } from "./CaseHold";
import { CaseMoves } from "./CaseMoves";
import { useCase, type Case } from "./useCase";

/** One case: what it means and what to do first, then everything in it. */
export function CasePage() {
  const { caseId = "" } = useParams();
  const found = useCase(caseId);
  if (found.isPending) return <Loading />;
  const trouble = found.isError && (
    <Trouble error={found.error} onRetry={() => void found.refetch()} />
  );
  if (!found.data) return trouble;
  return (
    <>
      {trouble}
      <Shown key={found.data.id} of={found.data} />
    </>
  );
}

function Shown({ of }: { of: Case }) {
  const timeZone = useZoneOf(of.site_id);
  return (
    <Stack>
      <CaseHeader of={of} timeZone={timeZone} />
      <Grid>
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack>
            <CaseAdvice of={of} />
            <CaseHold of={of} timeZone={timeZone} />
            <CaseDecisions of={of} timeZone={timeZone} />
            <CaseComments of={of} timeZone={timeZone} />
            <CaseBundle of={of} timeZone={timeZone} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack>
            <CaseMoves of={of} />
            <CaseDetails of={of} timeZone={timeZone} />
            <CaseFiles of={of} timeZone={timeZone} />
            <CaseHistory of={of} timeZone={timeZone} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
