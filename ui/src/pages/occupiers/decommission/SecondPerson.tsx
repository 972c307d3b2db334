import { Text, Title } from "@mantine/core";
import { IconUserCheck, IconUsers } from "@tabler/icons-react";
import type { Schemas } from "~/api/client";
import { Moment } from "~/parts/Moment";
import { text } from "~/text/en";
import { Notice } from "./Notice";

const { second: said } = text.decommission;

/** Where the approval of a second person stands, for whoever asks and for whoever approves. */
export function SecondPerson({
  standing,
  given,
}: {
  standing: Schemas["SecondPersonOut"];
  given?: Schemas["ApprovalOut"];
}) {
  if (!standing.required) return null;
  const isApproved = given !== undefined || standing.approved_until !== null;
  return (
    <Notice
      role="status"
      color={isApproved ? "green" : "blue"}
      icon={isApproved ? IconUserCheck : IconUsers}
    >
      <Title order={3} size="h5">
        {said.title}
      </Title>
      <Text size="sm">
        {!isApproved && said.first}
        {isApproved && (given ? said.yours : said.approved)}{" "}
        <Moment at={given?.expires_at ?? standing.approved_until} />
      </Text>
    </Notice>
  );
}
