import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router-dom";
import { Moment } from "~/parts/Moment";
import { useSiteOf } from "~/parts/sites/useSiteOf";
import { text } from "~/text/en";
import { Part } from "./Part";
import type { Case } from "./useCase";

const { hold: labels } = text.cases;

/** The hold that the case covers, with the way to its release. */
export function CaseHold({ of, timeZone }: { of: Case; timeZone: string | undefined }) {
  const { hold } = of;
  const siteOf = useSiteOf();
  if (!hold) return null;
  const site = siteOf(hold.site_id)?.name;
  const place = hold.site_id ? (site ?? of.site_name ?? "") : labels.everywhere;
  const system = text.words.systems[hold.system];
  return (
    <Part title={labels.title}>
      <Text size="sm">
        {hold.released_at ? labels.released(system, place) : labels.held(system, place)}{" "}
        {hold.origin === "breaker" ? labels.byBreaker : labels.byHand}
      </Text>
      <Text size="sm">
        {labels.since} <Moment at={hold.placed_at} timeZone={timeZone} />
        {hold.released_at && (
          <>
            . {labels.until} <Moment at={hold.released_at} timeZone={timeZone} />
          </>
        )}
      </Text>
      <Anchor component={Link} to="/systems" size="sm">
        {hold.released_at ? labels.see : labels.release}
      </Anchor>
    </Part>
  );
}
