using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Speaker.Announcing;

/// <summary>Looks whether this node's kernel answers for addresses that other nodes announce, and tells how to mend it.</summary>
internal sealed partial class Announcer
{
    private const string Remedy =
        "Set the sysctls net.ipv4.conf.all.arp_ignore=1 and net.ipv4.conf.all.arp_announce=2 on every node; for kube-proxy in IPVS mode, 'ipvs.strictARP: "
            + "true' in its configuration does so.";

    private bool _proxyTold;

    /// <summary>kube-proxy has bound Services on this node, and its kernel answers for them whoever is to announce them.</summary>
    private void WatchKernel()
    {
        var bound = _links.Links.FirstOrDefault(link => link.Name == KernelAddresses.ProxyInterface)?.Addresses
            .Where(address => address.Family == IpFamily.IPv4 && !_announcements.ContainsKey(address)).Select(address => (Address?)address).FirstOrDefault();
        var answering = bound is { } address ? _links.Links.FirstOrDefault(link => link.Usable && KernelAddresses.Answers(_links, link, address)) : null;
        if (answering is not null && !_proxyTold)
        {
            TellKernel(answering.Name, $"The kernel of node {_options.Node} answers ARP on {answering.Name} for every address that kube-proxy has bound to "
                + $"{KernelAddresses.ProxyInterface}, such as {bound}, although another node may announce it: clients are told two different "
                + $"hardware addresses. {Remedy}");
        }
        _proxyTold = answering is not null;
    }

    /// <summary>An address that another node is to announce from now on.</summary>
    private void WatchKernel(Address address)
    {
        if (_proxyTold || !KernelAddresses.Owns(_links, address)) return;
        if (_links.Links.FirstOrDefault(link => link.Usable && KernelAddresses.Answers(_links, link, address)) is not { } answering) return;
        TellKernel(answering.Name, $"Node {_options.Node} announces {address} no longer, but bears it, and its kernel goes on answering for it on "
            + $"{answering.Name}. Take the address from its interface (ip address show to {address}), or silence the kernel. {Remedy}");
    }

    private void TellKernel(string interfaceName, string message)
    {
        _log.KernelAnswers(message);
        _tell(new SpeakerFact.KernelAnswers(interfaceName, message));
    }
}
