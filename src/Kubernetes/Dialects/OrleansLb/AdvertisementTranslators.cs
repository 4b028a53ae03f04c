using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Kubernetes.Dialects.Fields;
using OrleansLb.Kubernetes.Dialects.MetalLb;

namespace OrleansLb.Kubernetes.Dialects.OrleansLb;

/// <summary>Translates our own <c>L2Advertisement</c>: the rival's fields, interfaces to leave out, and the ways to announce that it has not.</summary>
internal static class Layer2AdvertisementTranslator
{
    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var spec = SpecReader.Open(source);
        var advertisement = Layer2Translator.Read(source, spec, "addressPools", "addressPoolSelectors");
        var excluded = spec.Interfaces("excludeInterfaces").Select(excluded => new InterfaceSelector.Except(excluded));
        advertisement = advertisement with { Interfaces = advertisement.Interfaces.Concat(excluded).ToEquatableList(), Style = Style(spec) };
        spec.End();
        return spec.Problems.Conclude(() => [advertisement]);
    }

    private static AnnouncementStyle? Style(FieldReader spec)
    {
        var style = new AnnouncementStyle(
            Enum.Parse<AddressBearer>(spec.Choice("bearer", Enum.GetNames<AddressBearer>())),
            spec.Flag("spread"),
            spec.Has("onConflict") ? Enum.Parse<ConflictPolicy>(spec.Choice("onConflict", Enum.GetNames<ConflictPolicy>())) : null,
            spec.Flag("virtualMac"));
        if (style is { Spread: true, Bearer: AddressBearer.Interface })
            spec.Error("spread", "excludes bearer: Interface, for a kernel that bears the address answers every asker; leave one of them out.");
        if (style is { VirtualMac: true, Bearer: AddressBearer.Interface })
            spec.Error("virtualMac",
                "excludes bearer: Interface, for a kernel that bears the address tells its interface's hardware address; leave one of them out.");
        if (style is { VirtualMac: true, Spread: true })
            spec.Error("virtualMac", "excludes spread, for one hardware address stands at one node at a time; leave one of them out.");
        return style == AnnouncementStyle.Plain ? null : style;
    }
}

/// <summary>Translates our own <c>BGPAdvertisement</c>: the rival's fields, a MED, and weights.</summary>
internal static class BgpTranslator
{
    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var spec = SpecReader.Open(source);
        var advertisement = BgpAdvertisementTranslator.Read(source, spec, "addressPools", "addressPoolSelectors") with
        {
            Med = (uint?)spec.Number("med", 0, uint.MaxValue),
            WeightByEndpoints = spec.Flag("weightByEndpoints"),
        };
        spec.End();
        return spec.Problems.Conclude(() => [advertisement]);
    }
}
