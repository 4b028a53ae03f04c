using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Dialects.OpenElb;

/// <summary>Translates <c>BgpPeer</c> of network.kubesphere.io/v1alpha2, whose fields are an image of gobgp's API.</summary>
internal static class BgpPeerTranslator
{
    private const int DefaultTtl = 255;

    /// <summary>What gobgp takes when a peer gives none.</summary>
    private static readonly TimeSpan DefaultHoldTime = TimeSpan.FromSeconds(90);

    /// <summary>What other fields decide, or what has no meaning where only routes of our own are announced and none is received.</summary>
    private static readonly (string Name, string Why)[] Policy =
    [
        ("peerGroup", "there are no groups; give each peer its own fields."),
        ("peerType", "whether a peer is internal follows from localAs and peerAs."),
        ("removePrivateAs", "the AS path has our own number alone, which the router is configured to see."),
        ("routeFlapDamping", "no route is received that could be damped."),
        ("sendCommunity", "communities of every kind are sent; those of a BGPAdvertisement are all there are."),
        ("allowOwnAs", "no route is received."),
        ("replacePeerAs", "the AS path has our own number alone."),
    ];

    private static readonly (string Name, string Why)[] Tcp =
    [
        ("mtuDiscovery", "the system's own setting stands (net.ipv4.ip_no_pmtu_disc)."),
        ("remoteAddress", "the session goes to neighborAddress."),
        ("tcpMss", "the system's own setting stands; a route to the router can have another (ip route … advmss)."),
    ];

    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var spec = SpecReader.Open(source);
        var peer = Read(source, spec, context.OpenElb);
        spec.End();
        if (source.Labels.Has(OpenElbKeys.Cni)) return spec.Problems.Conclude(() => []);
        return spec.Problems.Conclude(() => peer is null ? [] : PerRack(peer, context.OpenElb));
    }

    private static BgpPeer? Read(ConfigurationObject source, FieldReader spec, BgpDefaults? defaults)
    {
        var conf = spec.Object("conf");
        var remote = conf.RequiredAsn("peerAs", "missing peer ASN; give the number of the router's autonomous system.");
        var (address, device) = (conf.Address("neighborAddress"), conf.Text("neighborInterface") is { Length: > 0 } name ? name : null);
        if (address is not null && device is not null)
        {
            conf.Warn("neighborInterface", "has no effect beside neighborAddress; remove one of them.");
            device = null;
        }
        if (!conf.Has("neighborAddress") && device is null) conf.Error("neighborAddress", "peer has no address or interface; give neighborAddress.");
        var local = LocalAsn(conf, defaults, isAdvertisedElsewhere: source.Labels.Has(OpenElbKeys.Cni));
        var (password, vrf, down) = (conf.Text("authPassword"), conf.Text("vrf"), conf.Flag("adminDown"));
        conf.Ignore("description");
        foreach (var (field, why) in Policy) conf.NotHonoured(field, why);
        conf.End();
        var timers = Timers(spec);
        var (passive, port) = Transport(spec);
        if (passive && defaults?.Listening is { Port: 0 })
            spec.Error("transport.passiveMode", "waits for the router to connect, and listenPort -1 of the BgpConf lets nobody; change one of them.");
        var multihop = Multihop(spec);
        var restart = GracefulRestartFields.Read(spec).Over(defaults?.Restart);
        var families = FamilyFields.Read(spec, address);
        var selector =
            spec.Has("nodeSelector") ? SelectorFields.Selector(spec.Object("nodeSelector"), SelectorFields.Spelling.Kubernetes) : LabelSelector.Everything;
        if (down || remote is null || (address is null && device is null)) return null;
        return new BgpPeer(
            source.Reference, source.Created, source.Reference.Name, local ?? 0, new RemoteAs.Number(remote.Value), address, device,
            selector.Requirements.Count == 0 ? [] : [selector],
            Port: port,
            RouterId: defaults?.RouterId,
            HoldTime: timers.Hold,
            KeepaliveTime: timers.Keepalive,
            ConnectRetryTime: timers.Retry,
            MultihopTtl: multihop,
            Passive: passive,
            Password: string.IsNullOrEmpty(password) ? null : new SecretText(password),
            GracefulRestart: restart.Enabled,
            DualStack: families.DualStack,
            Vrf: string.IsNullOrEmpty(vrf) ? null : vrf)
        {
            RestartTime = restart.Enabled ? restart.Time : null,
            AddPath = families.AddPath,
            Listening = defaults?.Listening,
        };
    }

    private static uint? LocalAsn(FieldReader conf, BgpDefaults? defaults, bool isAdvertisedElsewhere)
    {
        var own = conf.Asn("localAs");
        if (own is null && defaults is null && !isAdvertisedElsewhere)
        {
            conf.Error("localAs", $"missing local ASN; give it here, or create the BgpConf named '{BgpConfTranslator.TheOne}' with spec.as.");
        }
        return own ?? defaults?.Asn;
    }

    // A rack with an AS of its own is a peer of its own, for the nodes of that rack; each of these has a BGP identifier of its own, whatever the BgpConf says.
    private static IEnumerable<BgpPeer> PerRack(BgpPeer peer, BgpDefaults? defaults)
    {
        if (defaults is null || defaults.AsnPerRack.IsEmpty || peer.LocalAsn != (defaults.Asn ?? 0)) return [peer];
        var racks =
            defaults.AsnPerRack.Select(rack =>
                OnNodes(peer with { Name = $"{peer.Name}-{rack.Key}", LocalAsn = rack.Value, RouterId = null }, LabelOperator.In, [rack.Key]));
        return defaults.Asn is null ? racks : [OnNodes(peer, LabelOperator.NotIn, defaults.AsnPerRack.Keys.ToEquatableList()), .. racks];
    }

    private static BgpPeer OnNodes(BgpPeer peer, LabelOperator comparison, EquatableList<string> racks)
    {
        var before = peer.NodeSelectors.Count == 0 ? LabelSelector.Everything : peer.NodeSelectors[0];
        return peer with { NodeSelectors = [new LabelSelector([.. before.Requirements, new LabelRequirement(OpenElbKeys.Rack, comparison, racks)])] };
    }

    private static (TimeSpan? Hold, TimeSpan? Keepalive, TimeSpan? Retry) Timers(FieldReader spec)
    {
        var timers = spec.Object("timers");
        timers.NotHonoured("state", "it tells how a session stands; see 'orleanslb status bgp'.");
        var config = timers.Object("config");
        timers.End();
        var hold = Seconds(config, "holdTime");
        if (hold is { TotalSeconds: 1 or 2 }) config.Error("holdTime", "invalid hold time: must be 0 or >=3s (RFC 4271 §4.2).");
        var keepalive = Seconds(config, "keepaliveInterval");
        if (keepalive > (hold ?? DefaultHoldTime)) config.Error("keepaliveInterval", "invalid keepaliveInterval, must be lower than holdTime.");
        if (keepalive is not null) hold ??= DefaultHoldTime;
        var times = (hold, keepalive ?? hold / 3, Seconds(config, "connectRetry"));
        config.NotHonoured("minimumAdvertisementInterval", "routes are announced as soon as they change.");
        config.NotHonoured("idleHoldTimeAfterReset",
            "the wait after a failure is a second, doubles with each further one up to two minutes, and ends with a session that stays.");
        config.End();
        return times;
    }

    /// <summary>gobgp writes 64-bit numbers as strings; authors write either. Zero stands for the default.</summary>
    private static TimeSpan? Seconds(FieldReader fields, string name)
    {
        var items = fields.Scalar(name);
        if (items is null) return null;
        if (uint.TryParse(items.Written, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= ushort.MaxValue)
        {
            return seconds == 0 ? null : TimeSpan.FromSeconds(seconds);
        }
        fields.Error(name, $"'{items.Written}' is not a number of seconds; write it as \"90\".");
        return null;
    }

    private static (bool Passive, int Port) Transport(FieldReader spec)
    {
        var transport = spec.Object("transport");
        var passive = transport.Flag("passiveMode");
        var port = (int)(transport.Number("remotePort", 0, ushort.MaxValue) is { } given and not 0 ? given : 179);
        foreach (var (field, why) in Tcp) transport.NotHonoured(field, why);
        transport.End();
        return (passive, port);
    }

    private static int? Multihop(FieldReader spec)
    {
        var multihop = spec.Object("ebgpMultihop");
        var enabled = multihop.Flag("enabled");
        var ttl = (int?)multihop.Number("multihopTtl", 0, 255);
        multihop.End();
        return enabled ? (ttl is null or < 2 ? DefaultTtl : ttl) : null;
    }
}
