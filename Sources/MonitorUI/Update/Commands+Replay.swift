import TerminalCanvas

extension Commands {
  /// The commands that only a recording has; in no one's way while a run is live.
  package static let replay: [Command] = [
    Command("event-next", .time, keys: [.char("d")], "the next event", .transport(.event(1))),
    Command("event-previous", .time, keys: [.char("D")], "the event before", .transport(.event(-1))),
    Command("second-next", .time, keys: [.char(")")], "a second on", .transport(.seconds(1))),
    Command("second-previous", .time, keys: [.char("(")], "a second back", .transport(.seconds(-1))),
    Command("segment-next", .time, keys: [.char("b")], "a segment on", .transport(.segments(1))),
    Command("segment-previous", .time, keys: [.char("B")], "a segment back", .transport(.segments(-1))),
    Command("turn-next", .time, keys: [.char("}")], "the next transition, fault or mark", .transport(.turn(1))),
    Command("turn-previous", .time, keys: [.char("{")], "the transition, fault or mark before", .transport(.turn(-1))),
    Command("faster", .time, keys: [.char("a")], "play faster", .transport(.speed(1))),
    Command("slower", .time, keys: [.char("A")], "play slower", .transport(.speed(-1))),
  ]
}
