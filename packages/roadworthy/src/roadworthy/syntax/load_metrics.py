"""The metrics that load-testing tools bring.

Source: https://grafana.com/docs/k6/latest/using-k6/metrics/reference/ (k6 1.0).
"""

K6 = frozenset(
    """
    checks data_received data_sent dropped_iterations group_duration iteration_duration iterations vus vus_max
    http_req_blocked http_req_connecting http_req_duration http_req_failed http_req_receiving http_req_sending
    http_req_tls_handshaking http_req_waiting http_reqs
    browser_data_received browser_data_sent browser_http_req_duration browser_http_req_failed browser_web_vital_cls
    browser_web_vital_fcp browser_web_vital_fid browser_web_vital_inp browser_web_vital_lcp browser_web_vital_ttfb
    grpc_req_duration grpc_streams grpc_streams_msgs_received grpc_streams_msgs_sent
    ws_connecting ws_msgs_received ws_msgs_sent ws_ping ws_session_duration ws_sessions
    """.split()
)
