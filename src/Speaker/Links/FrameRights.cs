namespace OrleansLb.Speaker.Links;

/// <summary>What a process must be allowed in order to read and send frames.</summary>
internal static class FrameRights
{
    /// <param name="how">What was refused, such as "open a packet socket".</param>
    public static LinkException Missing(string how, string name, Exception cause) => new(OperatingSystem.IsWindows()
        ? $"No permission to {how} on {name}: run as an administrator, or install Npcap without restricting it to administrators."
        : $"No permission to {how} on {name}: it takes the capability CAP_NET_RAW. Run as root, or grant it "
            + "('setcap cap_net_raw+ep' on the program; 'securityContext.capabilities.add: [NET_RAW]' in a pod; "
            + "'AmbientCapabilities=CAP_NET_RAW' in a systemd unit).", cause);
}
