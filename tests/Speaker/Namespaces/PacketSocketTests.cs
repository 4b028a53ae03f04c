using OrleansLb.Speaker.Links.Linux;

namespace OrleansLb.Speaker.Tests.Namespaces;

// All that is asked of a link, asked of packet sockets.
public sealed class PacketSocketLinkTests() : LinkTests(PacketSocketOpener.Instance);

public sealed class PacketSocketSpeakerTests() : SpeakerOnBridgeTests(PacketSocketOpener.Instance);

public sealed class PacketSocketMalformedFrameTests() : MalformedFrameTests(PacketSocketOpener.Instance);

public sealed class PacketSocketLinkFollowingTests() : LinkFollowingTests(PacketSocketOpener.Instance);

public sealed class PacketSocketKernelTests() : KernelOnBridgeTests(PacketSocketOpener.Instance);

public sealed class PacketSocketFloodTests() : FloodTests(PacketSocketOpener.Instance);
