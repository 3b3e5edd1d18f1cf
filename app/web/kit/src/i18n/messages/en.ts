/** English, which the other languages follow: its keys and the values that its texts name are types. */
export default {
  app: {
    skip: "Skip to content",
  },
  nav: {
    label: "Main",
  },
  common: {
    close: "Close",
    cancel: "Cancel",
    save: "Save",
    saving: "Saving…",
    retry: "Try again",
    empty: "—",
  },
  notices: {
    label: "Notification",
    viewport: "Notifications ({hotkey})",
    undo: "Undo",
    undoHint: "Undo by pressing U",
    close: "Dismiss",
  },
  preferences: {
    label: "Preferences",
    language: "Language",
    theme: "Appearance",
    themes: {
      system: "Same as the system",
      light: "Light",
      dark: "Dark",
    },
    density: "Rows",
    densities: {
      comfortable: "Comfortable",
      compact: "Compact",
    },
  },
  session: {
    open: "Open mode",
    openHint: "No sign-in is set up: everybody who reaches this address is an administrator.",
    signOut: "Sign out",
  },
  signIn: {
    title: "Sign in",
    text: "An access token is needed here. Whoever runs this site can give you one.",
    token: "Access token",
    submit: "Sign in",
    refused: "This token is not known.",
  },
  shortcuts: {
    title: "Keyboard shortcuts",
    groups: {
      anywhere: "Anywhere",
    },
    actions: {
      undo: "Undo",
      help: "This help",
      save: "Save",
    },
    singleKeys: "Single-key shortcuts",
    singleKeysHint: "Turn them off if you use speech input.",
  },
  problem: {
    offline: {
      title: "The server cannot be reached",
      text: "Check your connection, then try again. The server may also be starting anew.",
    },
    "signed-out": {
      title: "You are signed out",
      text: "Sign in again to go on.",
    },
    forbidden: {
      title: "You may not do this",
      text: "Your role does not allow it. Ask an administrator.",
    },
    missing: {
      title: "Not found",
      text: "It may have been deleted by somebody else.",
    },
    conflict: {
      title: "Somebody else was quicker",
      text: "Look at the newest version, then try again.",
    },
    invalid: {
      title: "This was not accepted",
      text: "Check what you entered, then try again.",
    },
    busy: {
      title: "The server is busy",
      text: "Wait a moment, then try again.",
      retryIn_one: "Try again in {{count}} second.",
      retryIn_other: "Try again in {{count}} seconds.",
    },
    "too-large": {
      title: "This is too large",
      text: "Send less at once.",
    },
    server: {
      title: "Something went wrong on our side",
      text: "Try again. If it happens again, report the number below.",
    },
    requestId: "Request {{id}}",
  },
  loading: {
    noConnection: "No answer from the server. What you see is from {{time}}.",
    failed: {
      title: "This part could not be loaded",
      text: "Check your connection. What you have typed is still here.",
      newBuild: "A new version has been installed. What you have typed is still here: save it if you can, then reload the page.",
    },
    newBuild: { text: "A new version is ready.", take: "Load it now", later: "Later" },
  },
  crash: {
    title: "This page could not be shown",
    text: "A new version may have been installed while it was open. What has been saved is safe.",
    reload: "Reload the page",
  },
  notFound: {
    title: "There is no such page",
    text: "The address may be mistyped or out of date.",
  },
} as const;
