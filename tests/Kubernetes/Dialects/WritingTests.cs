using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Dialects.OrleansLb.Writing;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Tests.Dialects;

/// <summary>Whatever was read, in whichever dialect, declares the same when it is written in ours and read again.</summary>
public sealed class WritingTests
{
    private static readonly ObjectReference Anywhere = new("orleanslb.io/v1alpha1", "", "", "x");

    public static IEnumerable<TheoryDataRow<string>> Documents =>
    [
        new(File.ReadAllText(Sample("metallb.yaml"))) { TestDisplayName = "the sample of MetalLB" },
        new(File.ReadAllText(Sample("openelb.yaml"))) { TestDisplayName = "the sample of OpenELB" },
        new(File.ReadAllText(Sample("orleanslb.yaml"))) { TestDisplayName = "our own sample" },
        new("""
            apiVersion: network.kubesphere.io/v1alpha2
            kind: Eip
            metadata: {name: eip-sample-pool, annotations: {eip.openelb.kubesphere.io/is-default-eip: "true"}}
            spec: {address: 192.168.0.91-192.168.0.100, protocol: layer2, interface: eth0, disable: false}
            """) { TestDisplayName = "the Eip of the first document" },
        new("""
            apiVersion: network.kubesphere.io/v1alpha2
            kind: Eip
            metadata: {name: pinned, labels: {team: a}}
            spec: {address: 10.0.0.0/255.255.255.0, protocol: vip, interface: "can_reach:10.0.0.1", priority: 0, namespaces: [a, b], namespaceSelector: {env: prod}, disable: true}
            """) { TestDisplayName = "an Eip with every field" },
        new("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {namespace: metallb-system, name: config}
            data:
              config: |
                peers:
                - {peer-address: 10.0.0.1, peer-asn: 64501, my-asn: 64500, source-address: 10.0.0.2, hold-time: 100s, password: "yes", ebgp-multihop: true}
                - {peer-address: 10.0.0.3, peer-asn: 64501, my-asn: 64500, bfd-profile: fast, node-selectors: [{match-labels: {rack: a}, match-expressions: [{key: speed, operator: NotIn, values: [slow]}]}]}
                bfd-profiles:
                - {name: fast, receive-interval: 100, echo-mode: true, echo-interval: 60, minimum-ttl: 254}
                address-pools:
                - name: default
                  protocol: bgp
                  addresses: [198.51.100.0/24]
                  avoid-buggy-ips: true
                  auto-assign: false
                  bgp-advertisements:
                  - {aggregation-length: 32, localpref: 100, communities: [no-advertise, "64500:1"]}
                  - {aggregation-length: 24}
                - {name: segment, protocol: layer2, addresses: [10.77.1.220-10.77.1.240]}
                bgp-communities:
                  no-advertise: 65535:65282
            """) { TestDisplayName = "a ConfigMap with every key" },
        new("""
            apiVersion: metallb.io/v1beta2
            kind: BGPPeer
            metadata: {name: tor, namespace: metallb-system}
            spec:
              myASN: 64500
              dynamicASN: external
              peerAddress: "2001:db8::1"
              peerPort: 1179
              keepaliveTime: 7s
              connectTime: 10s
              passwordSecret: {name: md5}
              bfdProfile: fast
              vrf: red
              enableGracefulRestart: true
              dualStackAddressFamily: true
              localASN: 65000
            ---
            apiVersion: metallb.io/v1beta1
            kind: BGPAdvertisement
            metadata: {name: all, namespace: metallb-system}
            spec:
              ipAddressPoolSelectors: [{matchExpressions: [{key: zone, operator: In, values: [a, b]}, {key: gone, operator: DoesNotExist}]}]
              communities: ["large:64500:1:2"]
              peers: [tor]
            ---
            apiVersion: metallb.io/v1beta1
            kind: L2Advertisement
            metadata: {name: all, namespace: metallb-system}
            spec:
              preferredNodeSelectors: [{weight: 10, preference: {matchLabels: {a: "true", b: "1"}}}]
              serviceSelectors: [{matchLabels: {app: web}}]
              interfaces: [eth0, /bond.*/]
            """) { TestDisplayName = "MetalLB's peers and advertisements" },
        new("""
            apiVersion: network.kubesphere.io/v1alpha2
            kind: BgpConf
            metadata: {name: default}
            spec: {as: 64500, routerId: 10.0.0.9, asPerRack: {r1: 64511}}
            ---
            apiVersion: network.kubesphere.io/v1alpha2
            kind: BgpPeer
            metadata: {name: leaf}
            spec:
              conf: {peerAs: 64600, neighborAddress: 10.0.0.1, authPassword: "s3cret: #1"}
              timers: {config: {keepaliveInterval: "10"}}
              transport: {passiveMode: true, remotePort: 17900}
              ebgpMultihop: {enabled: true, multihopTtl: 3}
              nodeSelector: {matchLabels: {leaf: a}}
            """) { TestDisplayName = "OpenELB's peers, one for each rack" },
    ];

    [Theory, MemberData(nameof(Documents))]
    public void What_was_read_declares_the_same_in_our_form(string yaml)
    {
        var read = Translate.Configuration(yaml, Unread);
        Assert.Empty(read.Unreadable);
        var written = YamlWriter.Write(ConfigurationWriter.Write(read.Declarations));
        var again = Translate.Configuration(written, Unread);
        Assert.DoesNotContain(again.Problems, problem => problem.Severity == Severity.Error);
        Assert.Equal(Normal(read.Declarations), Normal(again.Declarations));
        Assert.All(new ManifestReader(ManifestKinds.All).ReadText(written, "written.yaml").Manifests,
            manifest => Assert.Equal("orleanslb.io/v1alpha1", manifest.ApiVersion));
    }

    [Theory, MemberData(nameof(Documents))]
    public async Task The_API_takes_our_form(string yaml)
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(YamlWriter.Write(ConfigurationWriter.Write(Translate.Configuration(yaml, Unread).Declarations)));
    }

    [Fact]
    public void A_password_in_a_secret_stays_there()
    {
        var peer = Assert.Single(Translate.Spec("metallb.io/v1beta2", "BGPPeer", "myASN: 1\npeerASN: 2\npeerAddress: 10.0.0.1\npasswordSecret: {name: md5}",
            Unread).Declarations);
        Assert.Contains("passwordSecret:\n    name: md5\n    namespace: metallb-system\n", YamlWriter.Write(ConfigurationWriter.Write([peer])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Any_configuration_of_ours_declares_the_same_when_it_is_read_again() => Prop.ForAll(Arb.From(Declarations), declared =>
    {
        var again = Translate.Configuration(YamlWriter.Write(ConfigurationWriter.Write(declared)), Unread);
        Assert.DoesNotContain(again.Problems, problem => problem.Severity == Severity.Error);
        Assert.Equal(Normal(declared), Normal(again.Declarations));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_survives_yaml() => Prop.ForAll<string[]>(texts =>
    {
        var clean = texts.Select(text => new string([.. (text ?? "").Where(letter => !char.IsSurrogate(letter))])).ToList();
        var document = new JsonObject { ["a"] = new JsonArray([.. clean.Select(text => (JsonNode)text)]),
            ["b"] = new JsonObject { ["c"] = new JsonArray(new JsonObject { ["d"] = clean.FirstOrDefault() ?? "" }) } };
        var root = Assert.IsType<DocumentResult.Loaded>(YamlNodes.ReadDocument(YamlWriter.Write([document]))).Root;
        Assert.Equal(document.ToJsonString(), JsonNode.Parse(root.ToJson())!.ToJsonString());
    }).QuickCheckThrowOnFailure();

    private static TranslationContext Unread => TranslationContext.Empty with { SecretsUnread = true };

    private static List<string> Normal(IEnumerable<Declaration> declarations) =>
        [.. declarations.Select(declaration => Text(declaration with { Source = Anywhere, Created = default })).Order(StringComparer.Ordinal)];

    /// <summary>With lists and secrets spelt out, so that a difference is seen.</summary>
    private static string Text(Declaration declaration) => System.Text.Json.JsonSerializer.Serialize<object>(declaration, Spelling);

    private static readonly System.Text.Json.JsonSerializerOptions Spelling = new() { IncludeFields = true,
        Converters = { new AsText<AddressRange>(), new AsText<Address>(), new AsText<InterfaceSelector>(), new AsText<Community>(), new AsText<RemoteAs>() } };

    private sealed class AsText<T> : System.Text.Json.Serialization.JsonConverter<T>
    {
        public override T Read(ref System.Text.Json.Utf8JsonReader reader, Type typeToConvert, System.Text.Json.JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(System.Text.Json.Utf8JsonWriter writer, T value, System.Text.Json.JsonSerializerOptions options) =>
            writer.WriteStringValue(value!.ToString());
    }

    private static string Sample(string file)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "OrleansLb.sln"))) return Path.Combine(at.FullName, "samples", file);
        throw new DirectoryNotFoundException("No folder above the tests has OrleansLb.sln.");
    }

    private static Gen<T> Maybe<T>(Gen<T> value, T otherwise) => Gen.OneOf(value, Gen.Constant(otherwise));

    private static Gen<bool> Flag => Gen.Elements(true, false);

    private static readonly Gen<string> Name = Gen.Elements("a", "b-1", "true", "0", "1e3", "x.y");

    private static Gen<EquatableList<T>> Some<T>(Gen<T> item) =>
        Gen.Choose(0, 3).SelectMany(count => Gen.ListOf(item, count)).Select(items => items.Distinct().ToEquatableList());

    private static readonly Gen<LabelRequirement> Requirement =
        from key in Gen.Elements("app", "zone", "kubernetes.io/hostname")
        from comparison in Gen.Elements(LabelOperator.In, LabelOperator.NotIn, LabelOperator.Exists, LabelOperator.DoesNotExist)
        from count in Gen.Choose(1, 2)
        select new LabelRequirement(key, comparison,
            comparison is LabelOperator.In or LabelOperator.NotIn ? Enumerable.Range(0, count).Select(i => $"v{i}").ToEquatableList() : []);

    private static readonly Gen<LabelSelector> Selector = Some(Requirement).Select(requirements => new LabelSelector(requirements));

    private static readonly Gen<Declaration> Pool =
        from name in Name
        from ranges in Gen.Elements<EquatableList<AddressRange>>([AddressRange.Parse("192.0.2.0/24")],
            [AddressRange.Parse("192.0.2.7"), AddressRange.Parse("2001:db8::/64")], [AddressRange.Parse("0.0.0.0-0.0.0.9")])
        from priority in Maybe(Gen.Choose(-5, 5).Select(number => (int?)number), null)
        from namespaces in Some(Name)
        from selectors in Some(Selector)
        from services in Some(Selector)
        from flags in Gen.ArrayOf(Flag, 7)
        from quarantine in Gen.Elements(TimeSpan.FromMinutes(10), TimeSpan.FromMilliseconds(1500))
        from order in Gen.Elements(Enum.GetValues<AddressOrder>())
        from quota in Gen.Elements(PoolQuota.None, new PoolQuota(0, []), new PoolQuota(null, [new("a", 1), new("b", 0)]))
        from more in Gen.ArrayOf(Flag, 4)
        select (Declaration)new AddressPool(
            Anywhere, default, new(name), ranges, Labels.Of([KeyValuePair.Create("label", name)]),
            new(priority, namespaces, selectors, services, flags[0] && namespaces.Count + selectors.Count + services.Count > 0), flags[1], flags[2], flags[3],
            flags[4])
        {
            Conflicts = new(flags[5], flags[6], quarantine),
            Order = order,
            Quota = quota,
            Draining = more[0],
            Reallocates = more[1],
            Retention = more[2] ? quarantine : null,
            SharedAcrossNamespaces = more[3],
        };

    private static readonly Gen<Declaration> AnyQuota =
        from name in Name
        from addresses in Gen.Choose(0, 9)
        from namespaces in Some(Name)
        from selectors in Some(Selector)
        select (Declaration)new AddressQuota(Anywhere, default, name, addresses, namespaces, selectors);

    private static readonly Gen<Declaration> Layer2 =
        from name in Name
        from pools in Some(Name)
        from selectors in Some(Selector)
        from nodes in Some(Selector)
        from preferred in Some(from weight in Gen.Choose(1, 100) from selector in Selector select new PreferredNodes(weight, selector))
        from interfaces in Some(Gen.Elements<InterfaceSelector>(new InterfaceSelector.Named("eth0"), new InterfaceSelector.Pattern("bond[0-9]+"),
            new InterfaceSelector.CanReach(Address.Parse("2001:db8::1"))))
        from excluded in Some(Gen.Elements<InterfaceSelector>(new InterfaceSelector.Except(new InterfaceSelector.Pattern("docker.*")),
            new InterfaceSelector.Except(new InterfaceSelector.Named("lo"))))
        from style in Gen.Elements(null, new AnnouncementStyle(AddressBearer.Loopback), new AnnouncementStyle(Spread: true, OnConflict: ConflictPolicy.Yield),
            new AnnouncementStyle(AddressBearer.Interface, OnConflict: ConflictPolicy.Defend), new AnnouncementStyle(VirtualMac: true))
        select (Declaration)new Layer2Advertisement(
            Anywhere, default, name, pools.Select(pool => new PoolName(pool)).ToEquatableList(), selectors, nodes, preferred, selectors,
            interfaces.Concat(excluded).ToEquatableList(), style);

    private static readonly Gen<Declaration> Peer =
        from name in Name
        from remote in Gen.Elements<RemoteAs>(new RemoteAs.Number(4200000000), new RemoteAs.Internal(), new RemoteAs.External())
        from address in Maybe(Gen.Elements<Address?>(Address.Parse("192.0.2.254"), Address.Parse("fe80::1")), null)
        from hold in Maybe(Gen.Elements<TimeSpan?>(TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(100), TimeSpan.FromMinutes(3)), null)
        from keepalive in Gen.Elements<TimeSpan?>(null, TimeSpan.FromSeconds(1))
        from ttl in Maybe(Gen.Choose(2, 255).Select(number => (int?)number), null)
        from flags in Gen.ArrayOf(Flag, 4)
        from password in Gen.Elements<string?>(null, "yes", "a: b # c", "\"")
        from nodes in Some(Selector)
        from role in Gen.Elements<PeerRole?>(null, PeerRole.Provider, PeerRole.RouteServer, PeerRole.RouteServerClient, PeerRole.Customer, PeerRole.Peer)
        from hop in Gen.Elements(null, new PeerNextHop(Address.Parse("192.0.2.9"), null),
            new PeerNextHop(Address.Parse("192.0.2.9"), Address.Parse("2001:db8::9")))
        from more in Gen.ArrayOf(Flag, 3)
        from range in Maybe(Gen.Elements<ListenRange?>(new ListenRange(Prefix.Parse("192.0.2.0/24"), ListenRange.DefaultLimit),
            new ListenRange(Prefix.Parse("2001:db8::/64"), 7)), null)
        from listening in Gen.Elements<PeerListening?>(null, new PeerListening([], 17900),
            new PeerListening([Address.Parse("192.0.2.1"), Address.Parse("2001:db8::1")], 179))
        let external = remote is RemoteAs.Internal ? null : role
        let router = range is null ? address : null
        let dials = range is null
        select (Declaration)new BgpPeer(
            Anywhere, default, name, 64500, remote, router, dials && router is null ? "eth0" : null, nodes, dials ? 1179 : 179,
            dials ? Address.Parse("10.0.0.2") : null, Address.Parse("10.0.0.3"),
            hold, hold is { } given && given > TimeSpan.Zero && keepalive is not null ? keepalive : hold / 3, dials ? TimeSpan.FromSeconds(61) : null, ttl,
            flags[0] && ttl is null, flags[1] || !dials,
            password is null ? null : new SecretText(password), flags[2], flags[3], 64600, "fast", "red")
        {
            Role = external,
            StrictRole = more[0] && external is not null,
            AddPath = more[1],
            NextHop = hop,
            RestartTime = more[2] && flags[2] ? TimeSpan.FromSeconds(4095) : null,
            Range = range,
            Listening = listening,
        };

    private static readonly Gen<Declaration> Routed =
        from name in Name
        from pools in Some(Name)
        from peers in Some(Name)
        from length in Gen.Choose(1, 32)
        from communities in Some(Gen.Elements<Community>(new Community.Standard(0xFFFF029A), new Community.Large(1, 2, uint.MaxValue),
            new Community.Named("no-export")))
        from med in Maybe(Gen.Elements<uint?>(0, uint.MaxValue), null)
        from weighted in Flag
        select (Declaration)new BgpAdvertisement(
            Anywhere, default, name, pools.Select(pool => new PoolName(pool)).ToEquatableList(), [], [], [], peers, length, 128, med, communities, med,
            weighted);

    private static readonly Gen<Declaration> Profile =
        from name in Name
        from echo in Gen.Elements<TimeSpan?>(null, TimeSpan.FromMilliseconds(50))
        from passive in Flag
        from ttl in Maybe(Gen.Choose(1, 254).Select(number => (int?)number), null)
        select (Declaration)new BfdProfile(Anywhere, default, name, TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(60), 255, echo, passive, ttl);

    private static readonly Gen<Declaration[]> Declarations =
        Gen.OneOf(Pool, AnyQuota, Layer2, Peer, Routed, Profile).ListOf()
            .Select(all => all.DistinctBy(declaration => (declaration.GetType(), NameOf(declaration))).ToArray());

    private static string NameOf(Declaration declaration) => declaration switch
    {
        AddressPool pool => pool.Name.Value,
        AddressQuota quota => quota.Name,
        Layer2Advertisement advertisement => advertisement.Name,
        BgpAdvertisement advertisement => advertisement.Name,
        BgpPeer peer => peer.Name,
        BfdProfile profile => profile.Name,
        _ => "",
    };
}
