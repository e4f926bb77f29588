"""`python -m voice_glimmer` is `voice-glimmer`."""

from voice_glimmer.cli.app import main

main()
