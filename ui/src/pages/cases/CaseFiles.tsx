import { Anchor, Stack, Text } from "@mantine/core";
import { useWho } from "~/parts/actors/useWho";
import { Moment } from "~/parts/Moment";
import { text } from "~/text/en";
import { fileSize } from "~/text/format";
import { AttachFile } from "./AttachFile";
import { Part } from "./Part";
import type { Case } from "./useCase";

const { files: labels } = text.cases;

/** The files of a case, to download, and the way to attach one. */
export function CaseFiles({ of, timeZone }: { of: Case; timeZone: string | undefined }) {
  const who = useWho({ isWithin: true });
  return (
    <Part title={labels.title}>
      {of.attachments.length === 0 && <Text size="sm">{labels.none}</Text>}
      {of.attachments.length > 0 && (
        <ul className="case-files">
          {of.attachments.map((file) => (
            <li key={file.id}>
              <Stack gap={0}>
                <Anchor
                  href={`/api/v1/cases/${of.id}/attachments/${file.id}`}
                  download={file.filename}
                  size="sm"
                  className="as-typed"
                  aria-label={labels.download(file.filename)}
                >
                  <bdi>{file.filename}</bdi>
                </Anchor>
                <Text size="xs">
                  {fileSize(file.size)}, {labels.by(who(file.author))},{" "}
                  <Moment at={file.created_at} timeZone={timeZone} />
                </Text>
              </Stack>
            </li>
          ))}
        </ul>
      )}
      {of.allowed_actions.attach && <AttachFile caseId={of.id} />}
    </Part>
  );
}
