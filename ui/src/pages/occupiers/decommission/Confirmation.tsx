import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useNavigate } from "react-router-dom";
import type { Schemas } from "~/api/client";
import { Moment } from "~/parts/Moment";
import { duration } from "~/text/format";
import { text } from "~/text/en";
import type { Done } from "./requests";

const { done: said } = text.decommission;

export interface Outcome {
  done: Done;
  preview: Schemas["PreviewOut"];
}

/** Says what was recorded (DD-12). It has begun already: a tab that closes now loses nothing. */
export function Confirmation({
  outcome,
  onClose,
  onClosed,
}: {
  outcome?: Outcome;
  onClose: () => void;
  /** Once it is off the page and has given the focus back. */
  onClosed: () => void;
}) {
  const navigate = useNavigate();
  const done = outcome?.done;
  const ok = () => {
    onClose();
    if (done?.deed === "decommission") {
      void navigate(`/decommissions/${done.accepted.decommission_id}`);
    }
  };
  return (
    <Modal
      opened={outcome !== undefined}
      onClose={ok}
      onExitTransitionEnd={onClosed}
      returnFocus={false}
      withCloseButton={false}
      closeOnClickOutside={false}
      title={<Text fw={700}>{done?.deed === "schedule" ? said.scheduled : said.started}</Text>}
      centered
    >
      {outcome && (
        <Stack>
          <Text fw={600}>
            <bdi>{outcome.preview.name}</bdi>
          </Text>
          <Told {...outcome} />
          <Group justify="flex-end">
            <Button data-autofocus onClick={ok}>
              {text.changes.ok}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function Told({ done, preview }: Outcome) {
  if (done.deed === "schedule") {
    const { due_at, time_zone } = done.schedule;
    return (
      <>
        <Text>
          {said.scheduledText} <Moment at={due_at} timeZone={time_zone} />.
        </Text>
        <Text>{said.scheduledHint}</Text>
      </>
    );
  }
  const expected = preview.expected_duration;
  return <Text>{expected ? said.startedText(duration(expected.seconds)) : said.startedPlain}</Text>;
}
