/// How long each stage took, in milliseconds.
package struct STSStageTimings: Codable, Hashable, Sendable {
  /// Speech recognition.
  package var asrMs: Int
  /// Translation.
  package var translationMs: Int
  /// Speech synthesis.
  package var ttsMs: Int

  /// How long each stage took, in milliseconds.
  package init(asrMs: Int, translationMs: Int, ttsMs: Int) {
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
package struct STSFragmentError: Codable, Hashable, Sendable {
  /// The code; one of `STSErrorCode` in this protocol, but anything may come.
  package var code: String
  /// In words.
  package var message: String
  /// Where it failed: `asr`, `translation`, `tts`.
  package var stage: String?
  /// Whether the same may succeed later.
  package var retryable: Bool

  /// Why a fragment failed.
  package init(code: String, message: String, stage: String? = nil, retryable: Bool) {
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
package struct STSModelMetadata: Codable, Hashable, Sendable {
  /// Speech recognition.
  package var asrModel: String
  /// Translation.
  package var translationModel: String
  /// Speech synthesis.
  package var ttsModel: String
  /// Share of the GPU in use, 0 to 1.
  package var gpuUtilization: Double?

  /// Which models worked on a fragment.
  package init(asrModel: String, translationModel: String, ttsModel: String, gpuUtilization: Double? = nil) {
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
package struct STSFragmentProcessed: Codable, Hashable, Sendable {
  /// The fragment.
  package var fragmentID: String
  /// Its stream.
  package var streamID: String
  /// Its place in the session.
  package var sequenceNumber: Int
  /// What became of it.
  package var status: STSFragmentStatus
  /// The dubbed audio; absent when it failed.
  package var dubbedAudio: STSAudio?
  /// What was said.
  package var transcript: String?
  /// The same in the target language.
  package var translatedText: String?
  /// How long it took, in milliseconds.
  package var processingTimeMs: Int
  /// How long each stage took.
  package var stageTimings: STSStageTimings?
  /// Why it failed.
  package var error: STSFragmentError?
  /// Which models worked on it.
  package var metadata: STSModelMetadata?

  /// `fragment:processed`: what became of a fragment.
  package init(
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
package enum STSFragmentStatus: String, Codable, Sendable, CaseIterable { case success, partial, failed }
