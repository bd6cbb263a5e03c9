import ArgumentParser
import EmbeddedPipeline

extension ServiceShape: ExpressibleByArgument {}

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Runs one service of the embedded pipeline alone, as compose does.",
    subcommands: [ServeEchoSTS.self, ServeMediaService.self, ServeStreamOrigin.self])
}
