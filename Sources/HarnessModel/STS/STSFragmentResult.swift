/// How long each stage took, in milliseconds.
public struct STSStageTimings: Codable, Hashable, Sendable {
  /// Speech recognition.
  public var asrMs: Int
  /// Translation.
  public var translationMs: Int
  /// Speech synthesis.
  public var ttsMs: Int

  /// How long each stage took, in milliseconds.
  public init(asrMs: Int, translationMs: Int, ttsMs: Int) {
    self.asrMs = asrMs
    self.translationMs = translationMs
    self.ttsMs = ttsMs
  }

  private enum CodingKeys: String, CodingKey {
    case asrMs = "asr_ms"
    case translationMs = "translation_ms"
    case ttsMs = "tts_ms"
  }
}

/// Why a fragment failed.
public struct STSFragmentError: Codable, Hashable, Sendable {
  /// The code; one of `STSErrorCode` in this protocol, but anything may come.
  public var code: String
  /// In words.
  public var message: String
  /// Where it failed: `asr`, `translation`, `tts`.
  public var stage: String?
  /// Whether the same may succeed later.
  public var retryable: Bool

  /// Why a fragment failed.
  public init(code: String, message: String, stage: String? = nil, retryable: Bool) {
    self.code = code
    self.message = message
    self.stage = stage
    self.retryable = retryable
  }

  private enum CodingKeys: String, CodingKey {
    case code
    case message
    case stage
    case retryable
  }
}

/// Which models worked on a fragment.
public struct STSModelMetadata: Codable, Hashable, Sendable {
  /// Speech recognition.
  public var asrModel: String
  /// Translation.
  public var translationModel: String
  /// Speech synthesis.
  public var ttsModel: String
  /// Share of the GPU in use, 0 to 1.
  public var gpuUtilization: Double?

  /// Which models worked on a fragment.
  public init(asrModel: String, translationModel: String, ttsModel: String, gpuUtilization: Double? = nil) {
    self.asrModel = asrModel
    self.translationModel = translationModel
    self.ttsModel = ttsModel
    self.gpuUtilization = gpuUtilization
  }

  private enum CodingKeys: String, CodingKey {
    case asrModel = "asr_model"
    case translationModel = "translation_model"
    case ttsModel = "tts_model"
    case gpuUtilization = "gpu_utilization"
  }
}

/// `fragment:processed`: what became of a fragment.
public struct STSFragmentProcessed: Codable, Hashable, Sendable {
  /// The fragment.
  public var fragmentID: String
  /// Its stream.
  public var streamID: String
  /// Its place in the session.
  public var sequenceNumber: Int
  /// What became of it.
  public var status: STSFragmentStatus
  /// The dubbed audio; absent when it failed.
  public var dubbedAudio: STSAudio?
  /// What was said.
  public var transcript: String?
  /// The same in the target language.
  public var translatedText: String?
  /// How long it took, in milliseconds.
  public var processingTimeMs: Int
  /// How long each stage took.
  public var stageTimings: STSStageTimings?
  /// Why it failed.
  public var error: STSFragmentError?
  /// Which models worked on it.
  public var metadata: STSModelMetadata?

  /// `fragment:processed`: what became of a fragment.
  public init(
    fragmentID: String, streamID: String, sequenceNumber: Int, status: STSFragmentStatus, dubbedAudio: STSAudio? = nil,
    transcript: String? = nil, translatedText: String? = nil, processingTimeMs: Int, stageTimings: STSStageTimings? = nil,
    error: STSFragmentError? = nil, metadata: STSModelMetadata? = nil
  ) {
    self.fragmentID = fragmentID
    self.streamID = streamID
    self.sequenceNumber = sequenceNumber
    self.status = status
    self.dubbedAudio = dubbedAudio
    self.transcript = transcript
    self.translatedText = translatedText
    self.processingTimeMs = processingTimeMs
    self.stageTimings = stageTimings
    self.error = error
    self.metadata = metadata
  }

  private enum CodingKeys: String, CodingKey {
    case fragmentID = "fragment_id"
    case streamID = "stream_id"
    case sequenceNumber = "sequence_number"
    case status
    case dubbedAudio = "dubbed_audio"
    case transcript
    case translatedText = "translated_text"
    case processingTimeMs = "processing_time_ms"
    case stageTimings = "stage_timings"
    case error
    case metadata
  }
}

/// What became of a fragment.
public enum STSFragmentStatus: String, Codable, Sendable, CaseIterable { case success, partial, failed }
