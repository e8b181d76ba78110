"""The command: one module for each subcommand, each with `register(subparsers)`; handlers import late."""
