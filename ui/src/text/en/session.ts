/** Login, and who one is. */
export const session = {
  signIn: "Log in",
  again: "Log in again",
  againHint: "Then come back here and press the button once more.",
  signOut: "Log out",
  welcome: "Log in to see your occupiers.",
  theme: "Light or dark",
  menu: "Your account",
  superAdmin: "Super admin",
  teamMember: "Team member",
  noAccess: "You are logged in, but nobody gave you access here.",
  noAccessHint: "Ask your operator's super admin, then load this page again.",
} as const;
