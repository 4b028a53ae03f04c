namespace OrleansLb.Tests;

/// <summary>The manifests of documents that our users follow, as they stand there.</summary>
internal static class Seeds
{
    /// <summary>The Eip of the first document.</summary>
    public const string Eip = """
        apiVersion: network.kubesphere.io/v1alpha2
        kind: Eip
        metadata:
          name: eip-sample-pool
          annotations:
            eip.openelb.kubesphere.io/is-default-eip: "true"
        spec:
          address: 192.168.0.91-192.168.0.100
          protocol: layer2
          interface: eth0
          disable: false
        """;

    /// <summary>The Service of the first document, which asks for a pool of another name.</summary>
    public const string Service = """
        kind: Service
        apiVersion: v1
        metadata:
          name: layer2-svc
          annotations:
            lb.kubesphere.io/v1alpha1: openelb
            protocol.openelb.kubesphere.io/v1alpha1: layer2
            eip.openelb.kubesphere.io/v1alpha2: layer2-eip
        spec:
          selector:
            app: layer2-openelb
          type: LoadBalancer
          ports:
          - name: http
            port: 80
            targetPort: 8080
          externalTrafficPolicy: Cluster
        """;

    /// <summary>The ConfigMap of the third document.</summary>
    public const string Layer2Map = """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          namespace: metallb-system
          name: config
        data:
          config: |
            address-pools:
            - name: default
              protocol: layer2
              addresses:
              # 可配置为下列形式或者192.168.1.0/24形式,根据预留的网段具体决定
              # 可配置多个
              - 10.77.1.220-10.77.1.240
        """;

    /// <summary>Its BGP form.</summary>
    public const string BgpMap = """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          namespace: metallb-system
          name: config
        data:
          config: |
            peers:
            - peer-address: 10.0.0.1
              peer-asn: 64501
              my-asn: 64500
            address-pools:
            - name: default
              protocol: bgp
              addresses:
              - 198.51.100.0/24
              bgp-advertisements:
              - aggregation-length: 32
                localpref: 100
                communities:
                - no-advertise
              - aggregation-length: 24
            bgp-communities:
              no-advertise: 65535:65282
        """;

    /// <summary>Its pools of which one is not for everybody.</summary>
    public const string CheapAndExpensive = """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          namespace: metallb-system
          name: config
        data:
          config: |
            address-pools:
            - name: cheap
              protocol: bgp
              addresses:
              - 192.168.144.0/20
            - name: expensive
              protocol: bgp
              addresses:
              - 42.176.25.64/30
              auto-assign: false
        """;
}
