import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Problem } from "~/api/problem";
import { text } from "~/text/en";

/** Why a change was not made, in the server's words, inside the dialog that asked for it. */
export function Refused({ error }: { error: Error }) {
  const isAnswer = error instanceof Problem && error.status > 0 && error.status < 500;
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle />} title={text.changes.failed}>
      {isAnswer ? error.message : text.changes.lost}
    </Alert>
  );
}
