import { Text } from "@mantine/core";
import type { Schemas } from "~/api/client";
import { text } from "~/text/en";
import { Figure, shortly } from "./Figures";

const words = text.progress;

/** The predicted finish with its interval, or why there is none. */
export function Prediction({ prediction }: { prediction: Schemas["PredictionOut"] | null }) {
  if (!prediction) return null;
  const { finish, earliest, latest, open_end, if_all_goes_on } = prediction;
  if (finish === null || open_end !== null) {
    return (
      <Figure label={words.predicted} value={words.unknown} isBad>
        {open_end && (
          <Text size="sm" className="alarm">
            {words.openEnds[open_end]}
          </Text>
        )}
        <Text size="sm" className="quiet">
          {words.ifAllGoesOn(shortly(if_all_goes_on))}
        </Text>
      </Figure>
    );
  }
  return (
    <Figure
      label={words.predicted}
      value={shortly(finish)}
      note={words.interval(shortly(earliest), shortly(latest ?? finish))}
    />
  );
}
