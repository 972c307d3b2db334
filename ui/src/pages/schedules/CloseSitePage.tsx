import { Stack, Stepper, Title } from "@mantine/core";
import { useNavigate, useParams } from "react-router-dom";
import { useFilters } from "~/parts/filters/useFilters";
import { text } from "~/text/en";
import { ChooseSite } from "./closure/ChooseSite";
import { ClosureProgress } from "./closure/ClosureProgress";
import { ConfirmClosure } from "./closure/ConfirmClosure";
import { StepTitle } from "./closure/StepTitle";
import { WhoGoes } from "./closure/WhoGoes";

const { steps, title, chooseTitle } = text.closure;
const BEFORE = ["?step=site", "", "?step=confirm"]; // what leads back to a step, by its place

/** The closing of a site in four steps; the address says which, and which closure. */
export function CloseSitePage() {
  const { siteId = "" } = useParams();
  const filters = useFilters();
  const navigate = useNavigate();
  const closureId = filters.one("closure");
  const step = filters.one("step");
  const place = closureId ? 3 : step === "site" ? 0 : step === "confirm" ? 2 : 1;
  return (
    <Stack maw={1100}>
      <Title order={1} size="h3">
        {title}
      </Title>
      <Stepper
        active={place}
        size="sm"
        aria-label={steps.label}
        onStepClick={(to) => void navigate(`/sites/${siteId}/closure${BEFORE[to]}`)}
      >
        {[steps.site, steps.who, steps.confirm, steps.progress].map((label, at) => (
          <Stepper.Step
            key={label}
            label={label}
            allowStepSelect={at < place && !closureId}
            aria-current={at === place ? "step" : undefined}
          />
        ))}
      </Stepper>
      {place === 0 && (
        <>
          <StepTitle>{chooseTitle}</StepTitle>
          <ChooseSite siteId={siteId} />
        </>
      )}
      {place === 1 && <WhoGoes key={siteId} siteId={siteId} />}
      {place === 2 && <ConfirmClosure siteId={siteId} />}
      {closureId && <ClosureProgress closureId={closureId} />}
    </Stack>
  );
}
