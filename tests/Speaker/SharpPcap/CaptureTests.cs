using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Tests.Namespaces;

namespace OrleansLb.Speaker.Tests.Capture;

// All that is asked of a link, asked of libpcap.
public sealed class CaptureLinkTests() : LinkTests(CaptureLibrary.Opener!);

public sealed class CaptureSpeakerTests() : SpeakerOnBridgeTests(CaptureLibrary.Opener!);

public sealed class CaptureMalformedFrameTests() : MalformedFrameTests(CaptureLibrary.Opener!);

public sealed class CaptureLinkFollowingTests() : LinkFollowingTests(CaptureLibrary.Opener!);

public sealed class CaptureKernelTests() : KernelOnBridgeTests(CaptureLibrary.Opener!);

public sealed class CaptureFloodTests() : FloodTests(CaptureLibrary.Opener!);
