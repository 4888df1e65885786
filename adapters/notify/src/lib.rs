//! Ways to reach a person who is not in a chat: mail, text messages, calls, push, webhooks.
