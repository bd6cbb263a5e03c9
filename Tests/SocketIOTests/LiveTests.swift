import Testing

/// Everything that talks over sockets, one test after the other: their clocks are real.
@Suite(.serialized) struct LiveTests {}
