import { Button, Center, Paper, Stack, Text, Title } from "@mantine/core";
import { Problem } from "~/api/problem";
import { useMe } from "~/api/me";
import { signIn } from "~/api/session";
import { Empty, Loading, Trouble } from "~/parts/Trouble";
import { text } from "~/text/en";
import { Shell } from "./Shell";

/** The shell for whoever is logged in, and the way to log in for everybody else. */
export function SignedIn() {
  const me = useMe();
  if (me.isPending) return <Loading />;
  if (me.isSuccess) return <Shell me={me.data} />;
  if (me.error instanceof Problem && me.error.isSignedOut) return <SignIn />;
  if (me.error instanceof Problem && me.error.status === 403) {
    return <Empty title={text.session.noAccess} hint={text.session.noAccessHint} />;
  }
  return <Trouble error={me.error} onRetry={() => me.refetch()} />;
}

function SignIn() {
  return (
    <Center component="main" h="100dvh">
      <Paper withBorder p="xl">
        <Stack>
          <Title order={1} size="h3">
            {text.product}
          </Title>
          <Text>{text.session.welcome}</Text>
          <Button onClick={() => signIn()}>{text.session.signIn}</Button>
        </Stack>
      </Paper>
    </Center>
  );
}
